// The list of sessions, newest first. The filters are in the URL, so that a link shows the same list.
import { getJson } from './api.js';
import './reader.js';
import { byId, failureNotice, h, notice } from './dom.js';
import { counted, duration, time } from './format.js';

const FILTERS = ['userId', 'channel', 'status', 'from', 'to'];
const TIMES = ['from', 'to'];

const form = byId('filters');
const list = byId('sessions');
const end = byId('end');

let nextPageToken;
let finished = false;
let request = new AbortController();
let loading = false;
const channels = new Set();

function row(session) {
  const tokens = session.usage.inputTokens + session.usage.outputTokens;
  return h('li', {},
    h('a', { class: 'session', href: `session.html?${new URLSearchParams({ id: session.sessionId })}` },
      h('bdi', {}, session.sessionId)),
    h('span', { class: `mark ${session.status}` }, session.status),
    h('span', { class: 'who' }, session.userId && h('bdi', {}, session.userId)),
    h('span', { class: 'where' }, session.channel && h('bdi', {}, session.channel)),
    h('span', { class: 'when' }, time(session.startedAt)),
    h('span', { class: 'figures' },
      h('span', {}, counted(session.turnCount, 'turn', 'turns')),
      h('span', {}, duration(session.durationMs)),
      h('span', {}, counted(tokens, 'token', 'tokens')),
      session.errorCount > 0
        ? h('span', { class: 'mark error' }, counted(session.errorCount, 'error', 'errors'))
        : undefined));
}

/** Converts a time of the URL to the time zone of the reader. */
function toLocal(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  date.setMinutes(date.getMinutes() - date.getTimezoneOffset());
  return date.toISOString().slice(0, 16);
}

function filtersInUrl() {
  const url = new URLSearchParams(location.search);
  return Object.fromEntries(FILTERS.map((name) => [name, url.get(name) ?? '']));
}

function showFilters() {
  for (const [name, value] of Object.entries(filtersInUrl())) {
    form.elements[name].value = TIMES.includes(name) && value !== '' ? toLocal(value) : value;
  }
}

function applyFilters() {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = form.elements[name].value.trim();
    if (value !== '') {
      query.set(name, TIMES.includes(name) ? new Date(value).toISOString() : value);
    }
  }
  const address = query.size === 0 ? location.pathname : `?${query}`;
  if (address !== (location.search || location.pathname)) {
    history.pushState(null, '', address);
  }
  restart();
}

function restart() {
  request.abort();
  request = new AbortController();
  nextPageToken = undefined;
  finished = false;
  loading = false;
  list.replaceChildren();
  void loadMore();
}

async function loadMore() {
  if (loading || finished) {
    return;
  }
  loading = true;
  const { signal } = request;
  end.replaceChildren(notice('loading', 'Loading sessions…'));
  try {
    // A part may be empty although later parts are not.
    do {
      const part = await getJson('/sessions', { ...filtersInUrl(), limit: 50, pageToken: nextPageToken }, signal);
      list.append(...part.items.map(row));
      part.items.forEach(suggestChannel);
      nextPageToken = part.nextPageToken;
      finished = nextPageToken === undefined;
    } while (!finished && isEndNear());
    showEnd();
  } catch (failure) {
    if (signal.aborted) {
      return;
    }
    // After the service was replaced, the new instance rejects the token: the list is loaded from its start.
    end.replaceChildren(failureNotice(failure, failure.status === 400 ? restart : loadMore));
  }
  if (!signal.aborted) {
    loading = false;
  }
}

function suggestChannel({ channel }) {
  if (channel !== undefined && !channels.has(channel)) {
    channels.add(channel);
    byId('channels').append(h('option', { value: channel }));
  }
}

function isEndNear() {
  return end.getBoundingClientRect().top < 2 * innerHeight;
}

function showEnd() {
  const { userId, from } = filtersInUrl();
  const range = userId === '' && from === '' ? ' of the last 30 days; choose a start time to see older ones' : '';
  const number = list.children.length;
  if (!finished) {
    end.replaceChildren(h('button', { type: 'button', onclick: loadMore }, 'More sessions'));
  } else if (number > 0) {
    end.replaceChildren(notice('end', `${number.toLocaleString()} ${number === 1 ? 'session' : 'sessions'}${range}.`));
  } else if (location.search === '') {
    end.replaceChildren(notice('empty', 'There are no sessions yet. Publish a turn to the topic chat-turns, and its session appears here.',
      { label: 'Try again', run: restart }));
  } else {
    end.replaceChildren(notice('empty', 'No session matches these filters.',
      { label: 'Show all sessions', run: clear }));
  }
}

function clear() {
  form.reset();
  applyFilters();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  applyFilters();
});
form.addEventListener('change', applyFilters);
byId('clear').addEventListener('click', clear);
addEventListener('popstate', () => {
  showFilters();
  restart();
});
new IntersectionObserver((changes) => {
  if (changes.some((change) => change.isIntersecting) && end.querySelector('.error') === null) {
    void loadMore();
  }
}, { rootMargin: '800px 0px' }).observe(end);

showFilters();
restart();
