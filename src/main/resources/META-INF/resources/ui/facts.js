// The facts about a session that are shown beside its transcript.
import { h } from './dom.js';
import { duration, milliseconds, time, whole } from './format.js';

/** A list of the facts. Facts without a value are left out. */
export function factElements(session) {
  const { usage, latency } = session;
  return h('div', {},
    definitionList({
      User: session.userId && listLink('userId', session.userId),
      Channel: session.channel && listLink('channel', session.channel),
      Started: time(session.startedAt),
      'Last turn': time(session.lastActivityAt),
      Duration: duration(session.durationMs),
      Turns: whole(session.turnCount),
      'By role': turnsPerRole(session.turnsByRole),
      'Input tokens': whole(usage.inputTokens),
      'Output tokens': whole(usage.outputTokens),
      'Mean latency': latency.count > 0 ? milliseconds(latency.sumMs / latency.count) : undefined,
      'Longest latency': latency.count > 0 ? milliseconds(latency.maxMs) : undefined,
      Errors: whole(session.errorCount),
    }),
    objectSection('Attributes', session.attributes),
    objectSection('User data', session.userData));
}

function turnsPerRole(turnsByRole) {
  return Object.entries(turnsByRole).map(([role, turns]) => `${whole(turns)} ${role}`).join(', ');
}

/** A link to the list of the sessions of this user or channel. */
function listLink(filter, value) {
  return h('a', { href: `./?${new URLSearchParams({ [filter]: value })}` }, h('bdi', {}, value));
}

function objectSection(name, values) {
  if (Object.keys(values).length === 0) {
    return undefined;
  }
  const entries = Object.entries(values).map(([key, value]) =>
    [key, h('bdi', {}, typeof value === 'string' ? value : JSON.stringify(value))]);
  return h('section', {}, h('h3', {}, name), definitionList(Object.fromEntries(entries)));
}

function definitionList(entries) {
  return h('dl', {}, Object.entries(entries)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, h('bdi', {}, name)), h('dd', {}, value))));
}
