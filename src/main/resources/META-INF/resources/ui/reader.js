// Shows the name of the reader who has signed in, and a button to sign out, at the top of each page.
import { h } from './dom.js';
import { currentReader, signOut } from './signin.js';

async function show() {
  const { name } = await currentReader();
  if (name !== undefined) {
    const button = h('button', { type: 'button', class: 'quiet', onclick: signOut }, 'Sign out');
    document.querySelector('.top').append(
      h('p', { class: 'reader' }, h('bdi', {}, name), button));
  }
}

void show();
