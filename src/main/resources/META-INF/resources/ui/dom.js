// Elements without HTML: text is only ever text.
import { signIn } from './signin.js';

/**
 * Makes an element. Properties that begin with "on" are listeners, false and undefined ones are left
 * out; children are elements or text, and none where they are undefined.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ''));
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Says what goes on in place of content, or instead of more of it, with something to do about it. */
export function notice(kind, text, action = undefined) {
  return h('div', { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    h('p', {}, text),
    action && h('button', { type: 'button', onclick: action.run }, action.label));
}

/** What to show of a failure, with a way to try again, or to come in first. */
export function failureNotice(failure, again) {
  return notice('error', failure.message,
    failure.signsIn ? { label: 'Sign in', run: signIn } : { label: 'Try again', run: again });
}
