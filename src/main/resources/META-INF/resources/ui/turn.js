// Shows one turn.
import { contentElements, folded, hasRaw, pre, rawElements } from './content.js';
import { h } from './dom.js';
import { milliseconds, time, whole } from './format.js';
import { integer, isObject, stringOf } from './json.js';

/** The order of the roles is the one that Parley uses for turns with the same time. */
const ROLE_NAMES = {
  system: 'System',
  user: 'User',
  tool: 'Tool',
  assistant: 'Assistant',
  agent: 'Human agent',
  other: 'Other',
};

const ROLES = Object.keys(ROLE_NAMES);

/** The turns that are shown as raw text. A turn may leave the document, and return later. */
const raw = new WeakSet();

/** The identity of a turn: its role and id, since a question and its answer may have the same id. */
export function keyOf(turn) {
  return `${turn.role} ${turn.turnId}`;
}

/** Compares two turns by their position, as Parley does. */
export function compare(one, other) {
  return order(moment(one.occurredAt), moment(other.occurredAt))
    || order(integer(one.sequence), integer(other.sequence))
    || order(ROLES.indexOf(one.role), ROLES.indexOf(other.role))
    || order(one.turnId, other.turnId);
}

function order(one, other) {
  return one < other ? -1 : Number(one > other);
}

/** Makes times comparable as texts: the fractions of seconds may have different lengths. */
export function moment(time) {
  return time.replace(/(?:\.(\d+))?Z$/, (all, fraction = '') => `.${fraction.padEnd(9, '0')}`);
}

/** The name of the role. For a role that Parley does not know, this is the name that the platform uses. */
export function roleName({ role, metadata }) {
  const platformRole = role === 'other' && isObject(metadata) ? stringOf(metadata, 'role') : undefined;
  return platformRole ?? ROLE_NAMES[role] ?? role;
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
      hasRaw(turn) ? rawButton(turn, content) : undefined),
    content,
    turn.error !== undefined ? folded('Error', pre(turn.error)) : undefined,
    turn.metadata !== undefined ? folded('Metadata', pre(turn.metadata)) : undefined);
}

function fill(content, turn) {
  content.replaceChildren(...(raw.has(turn) ? rawElements(turn) : contentElements(turn)).filter((each) => each !== ''));
}

/** A button for the raw text, since Markdown removes backslashes, asterisks and underscores. */
function rawButton(turn, content) {
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

/** The name of the tool or of the person, if the metadata contains it. */
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
