// Creates elements without HTML, so that text is never interpreted.
import { signIn } from './signin.js';

/**
 * Creates an element. Properties that begin with "on" are listeners; those that are false or undefined
 * are left out. Children are elements or text; undefined children are left out.
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

/** A message about the state of the content, with a button for an action if there is one. */
export function notice(kind, text, action = undefined) {
  return h('div', { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    h('p', {}, text),
    action && h('button', { type: 'button', onclick: action.run }, action.label));
}

/** A message about a failure, with a button to try again or to sign in. */
export function failureNotice(failure, retry) {
  return notice('error', failure.message,
    failure.signsIn ? { label: 'Sign in', run: signIn } : { label: 'Try again', run: retry });
}
