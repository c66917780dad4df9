// The overview: shows the statistics as charts and as tables.
import { getJson } from './api.js';
import './reader.js';
import { drawChart } from './chart.js';
import { byId, failureNotice, h, notice } from './dom.js';
import { counted, milliseconds, short, whole } from './format.js';

const DAY_MS = 86_400_000;
const DEFAULTS = { days: '1', interval: 'hour', channel: '' };
const NO_CHANNEL = 'none';

const form = byId('choice');
/** A function for each chart, which removes it. */
let removeCharts = [];
let loading = new AbortController();

function filtersInUrl() {
  const url = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, defaultValue]) => [name, url.get(name) ?? defaultValue]));
}

function showFilters() {
  for (const [name, value] of Object.entries(filtersInUrl())) {
    form.elements[name].value = value;
  }
}

function applyFilters() {
  const query = new URLSearchParams();
  for (const [name, defaultValue] of Object.entries(DEFAULTS)) {
    const value = form.elements[name].value.trim();
    if (value !== defaultValue) {
      query.set(name, value);
    }
  }
  history.pushState(null, '', query.size === 0 ? location.pathname : `?${query}`);
  void load();
}

async function load() {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  const { days, interval, channel } = filtersInUrl();
  const to = new Date();
  const window = { from: new Date(to - days * DAY_MS).toISOString(), to: to.toISOString(), interval };
  byId('state').replaceChildren(notice('loading', 'Loading statistics…'));
  try {
    const [overall, byChannel] = await Promise.all([
      getJson('/stats', { ...window, channel }, signal),
      getJson('/stats', { ...window, by: 'channel' }, signal),
    ]);
    show(overall.items, byChannel.items);
  } catch (failure) {
    if (!signal.aborted) {
      byId('figures').hidden = true;
      byId('state').replaceChildren(failureNotice(failure, load));
    }
  }
}

function show(items, byChannel) {
  removeCharts.forEach((remove) => remove());
  const sessions = sum(items, (item) => item.sessions);
  const channels = channelTotals(byChannel);
  byId('channels').replaceChildren(...channels.map(({ name }) => h('option', { value: name })));
  byId('figures').hidden = sessions === 0;
  byId('state').replaceChildren();
  removeCharts = [];
  if (sessions === 0) {
    byId('state').append(notice('empty', 'No session started in this time. Choose a longer time, or publish a turn.',
      { label: 'Try again', run: load }));
    return;
  }
  showTotals(items, sessions);
  removeCharts = charts(items).map((options) => drawChart(byId('charts'), options));
  byId('by-channel').replaceChildren(channelTable(channels));
  byId('table').replaceChildren(intervalTable(items));
}

function sum(items, figure) {
  return items.reduce((total, item) => total + (figure(item) ?? 0), 0);
}

function showTotals(items, sessions) {
  const turns = sum(items, (item) => item.turnCount);
  const measuredTurns = sum(items, (item) => item.latency.count);
  const errors = sum(items, (item) => item.errorCount);
  const entries = {
    Sessions: short(sessions),
    Turns: short(turns),
    'Input tokens': short(sum(items, (item) => item.usage.inputTokens)),
    'Output tokens': short(sum(items, (item) => item.usage.outputTokens)),
    'Mean latency': measuredTurns === 0 ? '–' : milliseconds(sum(items, (item) => item.latency.sumMs) / measuredTurns),
    Errors: [short(errors), h('small', {}, ` ${(turns === 0 ? 0 : 100 * errors / turns).toFixed(1)} % of turns`)],
  };
  byId('totals').replaceChildren(...Object.entries(entries)
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function charts(items) {
  const times = items.map((item) => Date.parse(item.start) / 1000);
  const series = (name, figure, bars = false) => ({ name, bars, values: items.map((item) => figure(item) ?? null) });
  const roles = ['system', 'user', 'tool', 'assistant', 'agent', 'other']
    .filter((role) => items.some((item) => item.turnsByRole[role] > 0))
    .map((role) => series(role, (item) => item.turnsByRole[role] ?? 0));
  return [
    { title: 'Sessions', unit: 'count', axis: 'Sessions', times, series: [series('sessions', (item) => item.sessions, true)] },
    { title: 'Turns by role', unit: 'count', axis: 'Turns', times, series: roles },
    {
      title: 'Tokens', unit: 'count', axis: 'Tokens', times,
      series: [series('input', (item) => item.usage.inputTokens), series('output', (item) => item.usage.outputTokens)],
    },
    {
      title: 'Latency', unit: 'ms', axis: 'Milliseconds', times,
      series: [series('median (p50)', (item) => item.latency.p50Ms), series('p95', (item) => item.latency.p95Ms)],
    },
    { title: 'Errors', unit: 'count', axis: 'Turns with an error', times, series: [series('errors', (item) => item.errorCount, true)] },
  ];
}

/** The totals of each channel. The channel with the most sessions comes first. */
function channelTotals(byChannel) {
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

function channelTable(channels) {
  const most = channels[0]?.sessions ?? 1;
  return table(['Channel', 'Sessions', 'Turns', 'Tokens', 'Errors'], channels.map((channel) => [
    h('bdi', {}, channel.name),
    h('span', { class: 'meter' }, h('meter', { min: 0, max: most, value: channel.sessions, 'aria-label': `${channel.name}: ${counted(channel.sessions, 'session', 'sessions')}` }), short(channel.sessions)),
    short(channel.turns), short(channel.tokens), short(channel.errors),
  ]));
}

function intervalTable(items) {
  const start = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });
  const optional = (value) => (value === undefined ? '–' : whole(value));
  return table(['From', 'Sessions', 'Turns', 'Input tokens', 'Output tokens', 'p50 in ms', 'p95 in ms', 'Errors'],
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
  applyFilters();
});
form.addEventListener('change', applyFilters);
addEventListener('popstate', () => {
  showFilters();
  void load();
});
// Charts use the colours that were valid when they were drawn, so they are drawn again.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', load);

showFilters();
void load();
