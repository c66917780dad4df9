// The text of a turn as its reader sees it, to look something up in.
import { contentElements } from './content.js';
import { values } from './json.js';

const INLINE = new Set(['A', 'BDI', 'CODE', 'DEL', 'EM', 'SPAN', 'STRONG']);

/** Characters of which a text without a blank is no text, but a picture's bytes. */
const BYTES = /^[\w+/=.,:;-]{2000,}$/;

/** Keeps what stands beside each other only in our list from being found as one. */
const APART = '\u0000';

const texts = new WeakMap();

/** Case, kinds of blanks and what can't be seen make no difference. */
export function comparable(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\p{Cf}+/gu, '').replace(/\s+/g, ' ');
}

/** Whether the turn says it, folded parts, raw text, error and metadata included. */
export function says(turn, sought) {
  if (!texts.has(turn)) {
    texts.set(turn, comparable(all(turn).join(APART)));
  }
  return texts.get(turn).includes(sought);
}

function all(turn) {
  return [
    contentElements(turn, true).map((each) => textOf(each, true)).join('\n'),
    ...[turn.content, turn.error, turn.metadata].flatMap(values).filter((text) => !BYTES.test(text)),
  ];
}

/** Unfolds what hides it, and no more than that. */
export function reveal(element, sought) {
  const shows = (node, folded) => comparable(textOf(node, folded)).includes(sought);
  const steps = [
    () => {},
    () => openAll(element, shows),
    () => {
      element.querySelectorAll('.unfold').forEach((button) => button.click());
      openAll(element, shows);
    },
    () => element.querySelector('.raw[aria-pressed=false]')?.click(),
  ];
  steps.some((step) => {
    step();
    return shows(element, false);
  });
}

function openAll(element, shows) {
  for (const details of element.querySelectorAll('details:not([open])')) {
    details.open = shows(details, true);
  }
}

/** The first words that are seen of it. */
export function excerpt(turn, length) {
  return [...contentElements(turn).map((each) => textOf(each)).join(' ').replace(/\s+/g, ' ').trim()]
    .slice(0, length).join('');
}

/** @param folded whether with what is folded */
function textOf(node, folded = false) {
  if (node.nodeType === Node.TEXT_NODE) {
    return node.data;
  }
  if (node.nodeName === 'PRE' && node.className === 'json') {
    return `\n${node.textContent}\n${APART}${unescaped(node.textContent)}`;
  }
  const isClosed = node.nodeName === 'DETAILS' && !node.open && !folded;
  const inner = (isClosed ? [node.firstChild] : [...node.childNodes]).map((each) => textOf(each, folded)).join('');
  return INLINE.has(node.nodeName) ? inner : `\n${inner}\n`;
}

/** JSON's quotes and line breaks as those that they are. */
function unescaped(json) {
  return json.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (all, hex, character) => hex !== undefined
    ? String.fromCharCode(parseInt(hex, 16))
    : { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[character] ?? character);
}
