// The one who signed in, with a way out, in the top of each page.
import { h } from './dom.js';
import { signOut, whoReads } from './signin.js';

async function show() {
  const { name } = await whoReads();
  if (name !== undefined) {
    const out = h('button', { type: 'button', class: 'quiet', onclick: signOut }, 'Sign out');
    document.querySelector('.top').append(
      h('p', { class: 'reader' }, h('bdi', {}, name), out));
  }
}

void show();
