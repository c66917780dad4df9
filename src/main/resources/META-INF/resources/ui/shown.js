// The text of a turn as its reader sees it. The search uses it.
import { contentElements } from './content.js';
import { values } from './json.js';

const INLINE = new Set(['A', 'BDI', 'CODE', 'DEL', 'EM', 'SPAN', 'STRONG']);

/** A long text of only these characters contains the bytes of a picture or file, and is not searched. */
const BYTES = /^[\w+/=.,:;-]{2000,}$/;

/** Separates texts, so that no match spans two texts that are not adjacent in the turn. */
const SEPARATOR = '\u0000';

const texts = new WeakMap();

/** Removes differences of case and whitespace, and invisible characters. */
export function comparable(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\p{Cf}+/gu, '').replace(/\s+/g, ' ');
}

/** Whether a turn contains a text. This includes folded parts, the raw text, the error and the metadata. */
export function contains(turn, query) {
  if (!texts.has(turn)) {
    texts.set(turn, comparable(searchedTexts(turn).join(SEPARATOR)));
  }
  return texts.get(turn).includes(query);
}

function searchedTexts(turn) {
  return [
    contentElements(turn, true).map((each) => textOf(each, true)).join('\n'),
    ...[turn.content, turn.error, turn.metadata].flatMap(values).filter((text) => !BYTES.test(text)),
  ];
}

/** Unfolds only the parts of a turn that hide the text. */
export function reveal(element, query) {
  const shows = (node, folded) => comparable(textOf(node, folded)).includes(query);
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

/** The beginning of the visible text of a turn, up to this number of characters. */
export function excerpt(turn, length) {
  return [...contentElements(turn).map((each) => textOf(each)).join(' ').replace(/\s+/g, ' ').trim()]
    .slice(0, length).join('');
}

/** @param folded whether to include folded parts */
function textOf(node, folded = false) {
  if (node.nodeType === Node.TEXT_NODE) {
    return node.data;
  }
  if (node.nodeName === 'PRE' && node.className === 'json') {
    return `\n${node.textContent}\n${SEPARATOR}${unescaped(node.textContent)}`;
  }
  const isClosed = node.nodeName === 'DETAILS' && !node.open && !folded;
  const inner = (isClosed ? [node.firstChild] : [...node.childNodes]).map((each) => textOf(each, folded)).join('');
  return INLINE.has(node.nodeName) ? inner : `\n${inner}\n`;
}

/** Replaces the escapes of JSON by the characters that they stand for. */
function unescaped(json) {
  return json.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (all, hex, character) => hex !== undefined
    ? String.fromCharCode(parseInt(hex, 16))
    : { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[character] ?? character);
}
