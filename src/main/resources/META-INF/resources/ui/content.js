// Converts the content of a turn to elements.
import { h } from './dom.js';
import { whole } from './format.js';
import { markdown } from './markdown.js';
import { isModel, partsOf } from './parts.js';

/** A text with more characters than this is folded. */
const LONG = 2_000;

/**
 * The parts of a turn as elements.
 *
 * @param unfolded whether long texts are not folded
 */
export function contentElements(turn, unfolded = false) {
  const options = { markdown: isModel(turn.role), unfolded };
  const parts = partsOf(turn);
  return parts.length === 0
    ? [h('p', { class: 'nothing' }, typeof turn.content === 'string' && turn.content !== '' ? 'Only whitespace' : 'No text')]
    : parts.map((part) => element(part, options));
}

/** The content as it was published: text without Markdown, and all other parts as JSON. */
export function rawElements({ content }) {
  return [content].flat().flatMap((part) => {
    const text = typeof part === 'string' ? part : part?.text;
    if (typeof text !== 'string') {
      return [pre(part)];
    }
    const hasOtherFields = typeof part === 'object' && Object.keys(part).some((name) => name !== 'text' && name !== 'type');
    return [plain(text), hasOtherFields ? folded('As JSON', pre(part)) : ''];
  });
}

/** Whether the raw elements differ from the content elements. */
export function hasRaw({ content, role }) {
  if (content === undefined || content === null || content.length === 0) {
    return false;
  }
  return typeof content !== 'string' || isModel(role);
}

const ELEMENTS = {
  text: (part, options) => text(part.text, options),
  reasoning: (part, options) => part.text.trim() === ''
    ? labelled('Reasoning', 'withheld')
    : folded('Reasoning', h('div', { class: 'reasoning', dir: 'auto' }, text(part.text, options))),
  refusal: (part, options) => h('div', { class: 'refusal' }, h('span', { class: 'mark error' }, 'Refused'), text(part.text, options)),
  call: ({ name, input }) => isEmpty(input)
    ? labelled('Tool call', name)
    : folded(titled('Tool call', name), typeof input === 'string' ? h('pre', {}, input) : pre(input)),
  result: ({ name, failed, parts }, options) => parts.length === 0
    ? labelled(failed ? 'Tool error' : 'Tool result', name)
    : folded(titled(failed ? 'Tool error' : 'Tool result', name), parts.map((part) => resultElement(part, options))),
  media: (part) => labelled(part.label, ...mediaElements(part)),
  choices: ({ choices }) => h('ul', { class: 'choices', 'aria-label': 'Choices' }, choices.map(choiceElement)),
  data: ({ title, value }) => folded(title, pre(value)),
};

function element(part, options) {
  return ELEMENTS[part.kind](part, options);
}

/** A part of the result of a tool, without Markdown. */
function resultElement(part, options) {
  return part.kind === 'data' ? pre(part.value) : element(part, { ...options, markdown: false });
}

function titled(label, name) {
  return name === undefined ? label : `${label} · ${name}`;
}

function isEmpty(input) {
  return input === undefined || input === null || input === '' || (typeof input === 'object' && Object.keys(input).length === 0);
}

/** A label and the texts or elements that it describes. */
function labelled(label, ...values) {
  return h('p', { class: 'labelled' }, h('span', { class: 'mark' }, label),
    values.map((each) => typeof each === 'string' ? [' ', h('bdi', {}, each)] : [' ', each]).flat());
}

function mediaElements({ name, url, type }) {
  const label = name ?? url;
  const link = url === undefined ? label : h('a', {
    href: url, target: '_blank', rel: 'noopener noreferrer nofollow',
  }, h('bdi', {}, label));
  return [link ?? 'embedded', type].filter((each) => each !== undefined);
}

function choiceElement({ title, value }) {
  return h('li', {}, h('bdi', {}, title), value === undefined ? '' : [' ', h('bdi', { class: 'value' }, value)]);
}

/** The text of a model is Markdown. All other text is shown as it is: 2*3*4 is no emphasis. */
function text(value, options) {
  if (value.length > LONG && !options.unfolded) {
    return foldedText(value, options);
  }
  if (!options.markdown) {
    return plain(value);
  }
  return isJson(value) ? h('pre', {}, value) : h('div', { class: 'markdown' }, markdown(value));
}

function plain(value) {
  return h('p', { class: 'typed', dir: 'auto' }, value);
}

/** Whether a text is JSON. Markdown would remove its backslashes and asterisks. */
function isJson(value) {
  if (!/^\s*[[{]/.test(value)) {
    return false;
  }
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** The beginning of a long text, and a button that shows all of it. */
function foldedText(value, options) {
  // The text must not be cut between the two halves of a surrogate pair.
  const start = value.slice(0, LONG / 2).replace(/[\ud800-\udbff]$/, '');
  const box = h('div', {},
    plain(`${start}…`),
    h('button', {
      type: 'button',
      class: 'quiet unfold',
      onclick: () => box.replaceChildren(text(value, { ...options, unfolded: true })),
    }, `Show all ${whole(value.length)} characters`));
  return box;
}

/** @param body one element, or a list of elements */
export function folded(summary, body) {
  return h('details', {}, h('summary', {}, h('bdi', {}, summary)), body);
}

export function pre(value) {
  return h('pre', { class: 'json' }, json(value));
}

function json(value) {
  return JSON.stringify(value, null, 2) ?? 'null';
}
