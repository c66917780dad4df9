// The one who signed in, with a way out, in the top of each page.
import { h } from './dom.js';
import { whoReads } from './signin.js';

async function show() {
  const { name } = await whoReads();
  if (name !== undefined) {
    document.querySelector('.top').append(
      h('p', { class: 'reader' }, h('bdi', {}, name), h('a', { href: '/ui/sign-out' }, 'Sign out')));
  }
}

void show();
