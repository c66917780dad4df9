// What is known of a session, beside what was said.
import { h } from './dom.js';
import { duration, milliseconds, time, whole } from './format.js';

/** Terms and what they are, of those that there are. */
export function facts(session) {
  const { usage, latency } = session;
  return h('div', {},
    terms({
      User: session.userId && listLink('userId', session.userId),
      Channel: session.channel && listLink('channel', session.channel),
      Started: time(session.startedAt),
      'Last turn': time(session.lastActivityAt),
      Duration: duration(session.durationMs),
      Turns: whole(session.turnCount),
      'By role': roles(session.turnsByRole),
      'Tokens read': whole(usage.inputTokens),
      'Tokens written': whole(usage.outputTokens),
      'Mean latency': latency.count > 0 ? milliseconds(latency.sumMs / latency.count) : undefined,
      'Longest latency': latency.count > 0 ? milliseconds(latency.maxMs) : undefined,
      Errors: whole(session.errorCount),
    }),
    object('Attributes', session.attributes),
    object('User data', session.userData));
}

function roles(turnsByRole) {
  return Object.entries(turnsByRole).map(([role, turns]) => `${whole(turns)} ${role}`).join(', ');
}

/** The user's other sessions, or the channel's. */
function listLink(filter, value) {
  return h('a', { href: `./?${new URLSearchParams({ [filter]: value })}` }, h('bdi', {}, value));
}

function object(name, values) {
  if (Object.keys(values).length === 0) {
    return undefined;
  }
  const shown = Object.entries(values).map(([key, value]) =>
    [key, h('bdi', {}, typeof value === 'string' ? value : JSON.stringify(value))]);
  return h('section', {}, h('h3', {}, name), terms(Object.fromEntries(shown)));
}

function terms(entries) {
  return h('dl', {}, Object.entries(entries)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, h('bdi', {}, name)), h('dd', {}, value))));
}
