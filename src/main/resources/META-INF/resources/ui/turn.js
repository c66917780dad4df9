// A turn as it is seen.
import { contentElements, folded, hasRaw, pre, rawElements } from './content.js';
import { h } from './dom.js';
import { milliseconds, time, whole } from './format.js';
import { integer, isObject, stringOf } from './json.js';

/** In the order of those who speak at one moment. */
const NAMES = {
  system: 'System',
  user: 'User',
  tool: 'Tool',
  assistant: 'Assistant',
  agent: 'Human agent',
  other: 'Other',
};

const ROLES = Object.keys(NAMES);

/** Turns whose raw text is asked for: they may leave the document, and come back. */
const raw = new WeakSet();

/** What a turn is known by: a question and its answer may share an id. */
export function keyOf(turn) {
  return `${turn.role} ${turn.turnId}`;
}

/** Which comes first, as Parley sorts them. */
export function compare(one, other) {
  return order(moment(one.occurredAt), moment(other.occurredAt))
    || order(integer(one.sequence), integer(other.sequence))
    || order(ROLES.indexOf(one.role), ROLES.indexOf(other.role))
    || order(one.turnId, other.turnId);
}

function order(one, other) {
  return one < other ? -1 : Number(one > other);
}

/** Sorts like the time, which may have fractions of different lengths. */
export function moment(time) {
  return time.replace(/(?:\.(\d+))?Z$/, (all, fraction = '') => `.${fraction.padEnd(9, '0')}`);
}

/** The role, or the platform's own word for one that is none of Parley's. */
export function roleName({ role, metadata }) {
  const said = role === 'other' && isObject(metadata) ? stringOf(metadata, 'role') : undefined;
  return said ?? NAMES[role] ?? role;
}

export function turnElement(turn) {
  const content = h('div', { class: 'content', dir: 'auto' });
  fill(content, turn);
  return h('article', { class: `turn ${turn.role}`, 'data-turn': turn.turnId },
    h('header', {},
      h('h3', {}, roleName(turn)),
      speaker(turn),
      time(turn.occurredAt),
      marks(turn),
      hasRaw(turn) ? rawSwitch(turn, content) : undefined),
    content,
    turn.error !== undefined ? folded('Error', pre(turn.error)) : undefined,
    turn.metadata !== undefined ? folded('Metadata', pre(turn.metadata)) : undefined);
}

function fill(content, turn) {
  content.replaceChildren(...(raw.has(turn) ? rawElements(turn) : contentElements(turn)).filter((each) => each !== ''));
}

/** Markdown takes backslashes, asterisks and underscores away that LaTeX, paths and JSON need. */
function rawSwitch(turn, content) {
  const button = h('button', {
    type: 'button',
    class: 'raw',
    'aria-pressed': String(raw.has(turn)),
    onclick: () => {
      raw[raw.has(turn) ? 'delete' : 'add'](turn);
      button.setAttribute('aria-pressed', String(raw.has(turn)));
      fill(content, turn);
    },
  }, 'Raw text');
  return button;
}

/** A tool's name, or a person's. */
function speaker({ role, metadata }) {
  const name = isObject(metadata) && role !== 'user' ? stringOf(metadata, 'name') : undefined;
  return name === undefined ? undefined : h('span', {}, h('bdi', {}, name));
}

function marks(turn) {
  const marks = [];
  if (turn.error !== undefined) {
    marks.push(h('span', { class: 'mark error' }, 'Error'));
  }
  const revision = integer(turn.revision);
  if (revision > 0n) {
    marks.push(h('span', { class: 'mark', title: `Revision ${revision}` }, 'Revised'));
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
