// A turn as it is seen.
import { h } from './dom.js';
import { milliseconds, time, whole } from './format.js';
import { markdown } from './markdown.js';

const NAMES = {
  system: 'System', user: 'User', tool: 'Tool', assistant: 'Assistant', agent: 'Agent', other: 'Other',
};

/** Characters above which a text is folded. */
const LONG = 2_000;

export function turnElement(turn) {
  return h('article', { class: `turn ${turn.role}`, 'data-turn': turn.turnId },
    h('header', {},
      h('h3', {}, NAMES[turn.role] ?? turn.role),
      time(turn.occurredAt),
      marks(turn)),
    h('div', { class: 'content', dir: 'auto' }, ...content(turn)),
    turn.error !== undefined ? folded('Error', json(turn.error)) : undefined,
    turn.metadata !== undefined ? folded('Metadata', json(turn.metadata)) : undefined);
}

function marks(turn) {
  const marks = [];
  if (turn.error !== undefined) {
    marks.push(h('span', { class: 'mark error' }, 'Error'));
  }
  if (turn.revision > 0) {
    marks.push(h('span', { class: 'mark', title: `Revision ${turn.revision}` }, 'Revised'));
  }
  if (turn.model !== undefined) {
    marks.push(h('span', {}, h('bdi', {}, turn.model)));
  }
  if (turn.latencyMs !== undefined) {
    marks.push(h('span', {}, milliseconds(turn.latencyMs)));
  }
  if (turn.usage !== undefined) {
    marks.push(h('span', {},
      `${whole(turn.usage.inputTokens)} → ${whole(turn.usage.outputTokens)} tokens`));
  }
  return marks;
}

function content(turn) {
  if (typeof turn.content === 'string') {
    return [text(turn.content, turn.role)];
  }
  return turn.content.map((part) => typeof part?.text === 'string'
    ? text(part.text, turn.role)
    : folded(title(part), json(part)));
}

/** Models write Markdown. What people type is shown as typed: 2*3*4 is no emphasis. */
function text(value, role) {
  if (value.length > LONG) {
    return foldedText(value, role);
  }
  return role === 'assistant' || role === 'system'
    ? h('div', { class: 'markdown' }, markdown(value))
    : h('p', { class: 'typed', dir: 'auto' }, value);
}

/** The beginning as it is, the whole when it is asked for. */
function foldedText(value, role) {
  // Not between the halves of a pair.
  const start = value.slice(0, LONG / 2).replace(/[\ud800-\udbff]$/, '');
  const box = h('div', {},
    h('p', { class: 'typed', dir: 'auto' }, `${start}…`),
    h('button', {
      type: 'button',
      class: 'quiet',
      onclick: () => box.replaceChildren(role === 'assistant' || role === 'system'
        ? h('div', { class: 'markdown' }, markdown(value))
        : h('p', { class: 'typed', dir: 'auto' }, value)),
    }, `Show all ${whole(value.length)} characters`));
  return box;
}

function title(part) {
  const words = [part?.type, part?.name].filter((word) => typeof word === 'string');
  return words.length > 0 ? words.join(' · ') : 'Part';
}

function folded(summary, body) {
  return h('details', {},
    h('summary', {}, h('bdi', {}, summary)),
    h('pre', {}, body));
}

export function json(value) {
  return JSON.stringify(value, null, 2);
}

/** All that a turn says, to look something up in. */
export function turnText(turn) {
  return typeof turn.content === 'string' ? turn.content : JSON.stringify(turn.content);
}
