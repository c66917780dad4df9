// What a turn says as elements.
import { h } from './dom.js';
import { whole } from './format.js';
import { markdown } from './markdown.js';
import { isModel, partsOf } from './parts.js';

/** Characters above which a text is folded. */
const LONG = 2_000;

/**
 * The turn's parts, each as it is best read.
 *
 * @param wholly whether long texts are not to be folded
 */
export function contentElements(turn, wholly = false) {
  const how = { formats: isModel(turn.role), wholly };
  const parts = partsOf(turn);
  return parts.length === 0
    ? [h('p', { class: 'nothing' }, typeof turn.content === 'string' && turn.content !== '' ? 'Only blanks' : 'No text')]
    : parts.map((part) => element(part, how));
}

/** The content as it was published: no Markdown, and JSON for what isn't text. */
export function rawElements({ content }) {
  return [content].flat().flatMap((part) => {
    const text = typeof part === 'string' ? part : part?.text;
    if (typeof text !== 'string') {
      return [pre(part)];
    }
    const isMore = typeof part === 'object' && Object.keys(part).some((name) => name !== 'text' && name !== 'type');
    return [typed(text), isMore ? folded('As JSON', pre(part)) : ''];
  });
}

/** Whether that differs from how it is shown anyway. */
export function hasRaw({ content, role }) {
  if (content === undefined || content === null || content.length === 0) {
    return false;
  }
  return typeof content !== 'string' || isModel(role);
}

const ELEMENTS = {
  text: (part, how) => text(part.text, how),
  reasoning: (part, how) => part.text.trim() === ''
    ? labelled('Reasoning', 'withheld')
    : folded('Reasoning', h('div', { class: 'reasoning', dir: 'auto' }, text(part.text, how))),
  refusal: (part, how) => h('div', { class: 'refusal' }, h('span', { class: 'mark error' }, 'Refused'), text(part.text, how)),
  call: ({ name, input }) => isEmpty(input)
    ? labelled('Tool call', name)
    : folded(titled('Tool call', name), typeof input === 'string' ? h('pre', {}, input) : pre(input)),
  result: ({ name, failed, parts }, how) => parts.length === 0
    ? labelled(failed ? 'Tool error' : 'Tool result', name)
    : folded(titled(failed ? 'Tool error' : 'Tool result', name), parts.map((part) => given(part, how))),
  media: (part) => labelled(part.label, ...medium(part)),
  choices: ({ choices }) => h('ul', { class: 'choices', 'aria-label': 'Choices' }, choices.map(choice)),
  data: ({ title, value }) => folded(title, pre(value)),
};

function element(part, how) {
  return ELEMENTS[part.kind](part, how);
}

/** Of what a tool gave back, which is as it is: no Markdown. */
function given(part, how) {
  return part.kind === 'data' ? pre(part.value) : element(part, { ...how, formats: false });
}

function titled(label, name) {
  return name === undefined ? label : `${label} · ${name}`;
}

function isEmpty(input) {
  return input === undefined || input === null || input === '' || (typeof input === 'object' && Object.keys(input).length === 0);
}

/** A word of ours, and what it is about. */
function labelled(label, ...about) {
  return h('p', { class: 'labelled' }, h('span', { class: 'mark' }, label),
    about.map((each) => typeof each === 'string' ? [' ', h('bdi', {}, each)] : [' ', each]).flat());
}

function medium({ name, url, type }) {
  const label = name ?? url;
  const link = url === undefined ? label : h('a', {
    href: url, target: '_blank', rel: 'noopener noreferrer nofollow',
  }, h('bdi', {}, label));
  return [link ?? 'embedded', type].filter((each) => each !== undefined);
}

function choice({ title, value }) {
  return h('li', {}, h('bdi', {}, title), value === undefined ? '' : [' ', h('bdi', { class: 'value' }, value)]);
}

/** Models write Markdown. What people type is shown as typed: 2*3*4 is no emphasis. */
function text(value, how) {
  if (value.length > LONG && !how.wholly) {
    return foldedText(value, how);
  }
  if (!how.formats) {
    return typed(value);
  }
  return isJson(value) ? h('pre', {}, value) : h('div', { class: 'markdown' }, markdown(value));
}

function typed(value) {
  return h('p', { class: 'typed', dir: 'auto' }, value);
}

/** Which Markdown would take for a text with backslashes and asterisks. */
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

/** The beginning as it is, the whole when it is asked for. */
function foldedText(value, how) {
  // Not between the halves of a pair.
  const start = value.slice(0, LONG / 2).replace(/[\ud800-\udbff]$/, '');
  const box = h('div', {},
    typed(`${start}…`),
    h('button', {
      type: 'button',
      class: 'quiet unfold',
      onclick: () => box.replaceChildren(text(value, { ...how, wholly: true })),
    }, `Show all ${whole(value.length)} characters`));
  return box;
}

/** @param body an element, or several */
export function folded(summary, body) {
  return h('details', {}, h('summary', {}, h('bdi', {}, summary)), body);
}

export function pre(value) {
  return h('pre', { class: 'json' }, json(value));
}

function json(value) {
  return JSON.stringify(value, null, 2) ?? 'null';
}
