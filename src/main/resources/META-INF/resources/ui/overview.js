// How the bot is doing: the statistics as charts, and as a table for those who want figures.
import { getJson } from './api.js';
import './reader.js';
import { chart } from './chart.js';
import { byId, failureNotice, h, notice } from './dom.js';
import { counted, milliseconds, short, whole } from './format.js';

const DAY_MS = 86_400_000;
const DEFAULTS = { days: '1', interval: 'hour', channel: '' };
const NO_CHANNEL = 'none';

const form = byId('choice');
let drawn = [];
let asked = new AbortController();

function chosen() {
  const url = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, usual]) => [name, url.get(name) ?? usual]));
}

function showChosen() {
  for (const [name, value] of Object.entries(chosen())) {
    form.elements[name].value = value;
  }
}

function choose() {
  const query = new URLSearchParams();
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = form.elements[name].value.trim();
    if (value !== usual) {
      query.set(name, value);
    }
  }
  history.pushState(null, '', query.size === 0 ? location.pathname : `?${query}`);
  void load();
}

async function load() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const { days, interval, channel } = chosen();
  const to = new Date();
  const window = { from: new Date(to - days * DAY_MS).toISOString(), to: to.toISOString(), interval };
  byId('state').replaceChildren(notice('loading', 'Counting…'));
  try {
    const [over, byChannel] = await Promise.all([
      getJson('/stats', { ...window, channel }, signal),
      getJson('/stats', { ...window, by: 'channel' }, signal),
    ]);
    show(over.items, byChannel.items);
  } catch (failure) {
    if (!signal.aborted) {
      byId('figures').hidden = true;
      byId('state').replaceChildren(failureNotice(failure, load));
    }
  }
}

function show(items, byChannel) {
  drawn.forEach((remove) => remove());
  const sessions = sum(items, (item) => item.sessions);
  const known = channels(byChannel);
  byId('channels').replaceChildren(...known.map(({ name }) => h('option', { value: name })));
  byId('figures').hidden = sessions === 0;
  byId('state').replaceChildren();
  drawn = [];
  if (sessions === 0) {
    byId('state').append(notice('empty', 'No session started in this time. Choose a longer one, or publish a turn.',
      { label: 'Look again', run: load }));
    return;
  }
  totals(items, sessions);
  drawn = charts(items).map((one) => chart(byId('charts'), one));
  byId('by-channel').replaceChildren(channelTable(known));
  byId('table').replaceChildren(intervalTable(items));
}

function sum(items, figure) {
  return items.reduce((total, item) => total + (figure(item) ?? 0), 0);
}

function totals(items, sessions) {
  const turns = sum(items, (item) => item.turnCount);
  const answers = sum(items, (item) => item.latency.count);
  const errors = sum(items, (item) => item.errorCount);
  const entries = {
    Sessions: short(sessions),
    Turns: short(turns),
    'Tokens read': short(sum(items, (item) => item.usage.inputTokens)),
    'Tokens written': short(sum(items, (item) => item.usage.outputTokens)),
    'Mean latency': answers === 0 ? '–' : milliseconds(sum(items, (item) => item.latency.sumMs) / answers),
    Errors: [short(errors), h('small', {}, ` ${(turns === 0 ? 0 : 100 * errors / turns).toFixed(1)} % of turns`)],
  };
  byId('totals').replaceChildren(...Object.entries(entries)
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function charts(items) {
  const times = items.map((item) => Date.parse(item.start) / 1000);
  const of = (name, figure, bars = false) => ({ name, bars, values: items.map((item) => figure(item) ?? null) });
  const roles = ['system', 'user', 'tool', 'assistant', 'agent', 'other']
    .filter((role) => items.some((item) => item.turnsByRole[role] > 0))
    .map((role) => of(role, (item) => item.turnsByRole[role] ?? 0));
  return [
    { title: 'Sessions', unit: 'count', axis: 'Sessions', times, series: [of('sessions', (item) => item.sessions, true)] },
    { title: 'Turns by role', unit: 'count', axis: 'Turns', times, series: roles },
    {
      title: 'Tokens', unit: 'count', axis: 'Tokens', times,
      series: [of('read', (item) => item.usage.inputTokens), of('written', (item) => item.usage.outputTokens)],
    },
    {
      title: 'Latency', unit: 'ms', axis: 'Milliseconds', times,
      series: [of('half within (p50)', (item) => item.latency.p50Ms), of('95 % within (p95)', (item) => item.latency.p95Ms)],
    },
    { title: 'Errors', unit: 'count', axis: 'Turns with an error', times, series: [of('errors', (item) => item.errorCount, true)] },
  ];
}

/** Largest first. */
function channels(byChannel) {
  const sums = new Map();
  for (const item of byChannel) {
    const name = item.channel ?? NO_CHANNEL;
    const total = sums.get(name) ?? { name, sessions: 0, turns: 0, tokens: 0, errors: 0 };
    total.sessions += item.sessions;
    total.turns += item.turnCount;
    total.tokens += item.usage.inputTokens + item.usage.outputTokens;
    total.errors += item.errorCount;
    sums.set(name, total);
  }
  return [...sums.values()].sort((a, b) => b.sessions - a.sessions);
}

function channelTable(known) {
  const most = known[0]?.sessions ?? 1;
  return table(['Channel', 'Sessions', 'Turns', 'Tokens', 'Errors'], known.map((one) => [
    h('bdi', {}, one.name),
    h('span', { class: 'meter' }, h('meter', { min: 0, max: most, value: one.sessions, 'aria-label': `${one.name}: ${counted(one.sessions, 'session', 'sessions')}` }), short(one.sessions)),
    short(one.turns), short(one.tokens), short(one.errors),
  ]));
}

function intervalTable(items) {
  const start = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });
  const optional = (value) => (value === undefined ? '–' : whole(value));
  return table(['From', 'Sessions', 'Turns', 'Tokens read', 'Tokens written', 'p50 in ms', 'p95 in ms', 'Errors'],
    items.map((item) => [
      start.format(new Date(item.start)), whole(item.sessions), whole(item.turnCount), whole(item.usage.inputTokens),
      whole(item.usage.outputTokens), optional(item.latency.p50Ms), optional(item.latency.p95Ms), whole(item.errorCount),
    ]));
}

function table(names, rows) {
  return h('table', {},
    h('thead', {}, h('tr', {}, names.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, rows.map(([first, ...rest]) =>
      h('tr', {}, h('th', { scope: 'row' }, first), rest.map((value) => h('td', {}, value))))));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  choose();
});
form.addEventListener('change', choose);
addEventListener('popstate', () => {
  showChosen();
  void load();
});
// Charts are painted with the colours of their time.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', load);

showChosen();
void load();
