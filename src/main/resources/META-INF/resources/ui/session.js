// One conversation: its transcript, live, and what is known of it.
import { getJson, request, sessionPath } from './api.js';
import { byId, failureNotice, h, notice } from './dom.js';
import { facts } from './facts.js';
import { Finder } from './find.js';
import { follow } from './follow.js';
import './reader.js';
import { excerpt } from './shown.js';
import { Transcript } from './transcript.js';
import { keyOf, roleName } from './turn.js';

const FIRST_PART = 60;
const PART = 500;
const EXCERPT = 200;
const LIVE_STATES = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Connection lost, trying again',
  gone: 'Gone',
};

const sessionId = new URLSearchParams(location.search).get('id') ?? '';
const scroller = byId('transcript');
const older = byId('older');
const newer = byId('newer');
const transcript = new Transcript(scroller);

/** The button is for the keyboard; who scrolls to it needn't press it. */
const beginning = new IntersectionObserver((changes) => {
  if (changes.at(-1).isIntersecting && !loading) {
    void loadOlderOrTell();
  }
}, { root: scroller, rootMargin: '600px 0px' });

/** Where the older turns are, while there are any. */
let nextPageToken;
let loading = false;

function showFacts(session) {
  byId('facts').replaceChildren(facts(session));
  byId('status').textContent = session.status;
  byId('status').className = `mark ${session.status}`;
}

async function start() {
  byId('state').replaceChildren(notice('loading', 'Loading the session…'));
  try {
    const [session, part] = await Promise.all([
      getJson(sessionPath(sessionId), { turns: 'none' }),
      getJson(sessionPath(sessionId, '/turns'), { order: 'desc', limit: FIRST_PART }),
    ]);
    byId('state').replaceChildren();
    byId('session').hidden = false;
    showFacts(session);
    take(part);
    transcript.showEnd();
    beginning.observe(older);
    void follow(sessionId, heard, showState, catchUp);
  } catch (failure) {
    byId('state').replaceChildren(failure.status === 404
      ? notice('empty', 'There is no such session: it was deleted, has expired, or is another user’s.')
      : failureNotice(failure, start));
  }
}

/** @param part of the turns, newest first */
function take(part) {
  nextPageToken = part.nextPageToken;
  transcript.addOlder(part.items.reverse());
  older.hidden = nextPageToken === undefined;
  tellSize();
}

/**
 * Loads what came between the turns that are here and the events, however much that is: back to the
 * newest that was here before the first event, since events bring newer ones meanwhile.
 */
async function catchUp() {
  const newest = transcript.turns().at(-1);
  try {
    let pageToken;
    let met = false;
    do {
      const part = await getJson(sessionPath(sessionId, '/turns'), { order: 'desc', limit: FIRST_PART, pageToken });
      met = newest === undefined || part.items.some((turn) => keyOf(turn) === keyOf(newest));
      part.items.forEach(putTurn);
      pageToken = part.nextPageToken;
    } while (!met && pageToken !== undefined);
  } catch (failure) {
    byId('trouble').replaceChildren(failureNotice(failure, catchUp));
  }
}

function tellSize() {
  byId('size').textContent = older.hidden
    ? `${transcript.size.toLocaleString()} turns, all of them loaded`
    : `${transcript.size.toLocaleString()} turns loaded, older ones follow as you scroll up`;
}

/** @return whether there may be more */
async function loadOlder() {
  if (loading || nextPageToken === undefined) {
    return nextPageToken !== undefined;
  }
  loading = true;
  older.disabled = true;
  try {
    take(await olderPart());
    byId('trouble').replaceChildren();
  } finally {
    loading = false;
    older.disabled = false;
  }
  return nextPageToken !== undefined;
}

async function olderPart() {
  const list = { order: 'desc', limit: PART };
  try {
    return await getJson(sessionPath(sessionId, '/turns'), { ...list, pageToken: nextPageToken });
  } catch (failure) {
    if (failure.status !== 400) {
      throw failure;
    }
    // Another Parley, which doesn't know the tokens of the one before: by time, with some that are known.
    const oldest = new Date(transcript.turns()[0].occurredAt).getTime();
    return getJson(sessionPath(sessionId, '/turns'), { ...list, to: new Date(oldest + 1).toISOString() });
  }
}

async function loadOlderOrTell() {
  try {
    await loadOlder();
    // It tells again whether the beginning is near: a part may be short, and further ones not.
    beginning.unobserve(older);
    beginning.observe(older);
  } catch (failure) {
    byId('trouble').replaceChildren(failureNotice(failure, loadOlderOrTell));
  }
}

function heard(name, data) {
  switch (name) {
    case 'turn':
      putTurn(data);
      break;
    case 'session':
      showFacts(data);
      break;
    case 'erased':
      transcript.erase(data.upTo);
      tellSize();
      break;
    case 'gone':
      byId('session').hidden = true;
      byId('state').replaceChildren(notice('empty', 'This session was deleted, has expired, or became another user’s.'));
      break;
  }
}

function putTurn(turn) {
  const atEnd = transcript.isAtEnd();
  const outcome = transcript.put(turn);
  if (outcome === 'new') {
    byId('news').textContent = `New turn, ${roleName(turn).toLowerCase()}: ${excerpt(turn, EXCERPT)}`;
    newer.hidden = atEnd;
    tellSize();
  }
}

function showState(state, failure) {
  const sign = byId('live');
  sign.className = `live ${state === 'live' ? 'on' : state}`;
  sign.textContent = LIVE_STATES[state];
  sign.title = failure?.message ?? '';
  if (failure?.signsIn) {
    byId('trouble').replaceChildren(failureNotice(failure));
  } else if (state === 'live') {
    byId('trouble').replaceChildren();
  }
}

async function download() {
  const button = byId('download');
  button.disabled = true;
  try {
    const response = await request(sessionPath(sessionId, '/turns'), { headers: { Accept: 'application/x-ndjson' } });
    const url = URL.createObjectURL(await response.blob());
    h('a', { href: url, download: `${sessionId.replace(/[^\w.-]+/g, '_')}.ndjson` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    byId('trouble').replaceChildren();
  } catch (failure) {
    byId('trouble').replaceChildren(notice('error', `The download broke off: ${failure.message}`));
  } finally {
    button.disabled = false;
  }
}

document.title = `${sessionId} · Parley`;
byId('name').textContent = sessionId;
older.addEventListener('click', loadOlderOrTell);
byId('download').addEventListener('click', download);
newer.addEventListener('click', () => transcript.showEnd());
scroller.addEventListener('scroll', () => {
  newer.hidden = newer.hidden || transcript.isAtEnd();
}, { passive: true });
new Finder(byId('find'), transcript, loadOlder);

if (sessionId === '') {
  byId('state').replaceChildren(notice('empty', 'No session is named. Choose one from the list of sessions.'));
} else {
  void start();
}
