// The page of one session: its live transcript and its facts.
import { getJson, request, sessionPath } from './api.js';
import { byId, failureNotice, h, notice } from './dom.js';
import { factElements } from './facts.js';
import { Finder } from './find.js';
import { follow } from './follow.js';
import './reader.js';
import { excerpt } from './shown.js';
import { Transcript } from './transcript.js';
import { keyOf, roleName } from './turn.js';

const FIRST_PART_TURNS = 60;
const OLDER_PART_TURNS = 500;
const EXCERPT_LENGTH = 200;
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

/** Loads older turns when the button for it is scrolled into view. The button itself is for the keyboard. */
const olderObserver = new IntersectionObserver((changes) => {
  if (changes.at(-1).isIntersecting && !loading) {
    void loadOlderOrShowFailure();
  }
}, { root: scroller, rootMargin: '600px 0px' });

/** The token of the next older part; undefined if all turns are loaded. */
let nextPageToken;
let loading = false;

function showFacts(session) {
  byId('facts').replaceChildren(factElements(session));
  byId('status').textContent = session.status;
  byId('status').className = `mark ${session.status}`;
}

async function start() {
  byId('state').replaceChildren(notice('loading', 'Loading the session…'));
  try {
    const [session, part] = await Promise.all([
      getJson(sessionPath(sessionId), { turns: 'none' }),
      getJson(sessionPath(sessionId, '/turns'), { order: 'desc', limit: FIRST_PART_TURNS }),
    ]);
    byId('state').replaceChildren();
    byId('session').hidden = false;
    showFacts(session);
    addOlder(part);
    transcript.showEnd();
    olderObserver.observe(older);
    void follow(sessionId, handleEvent, showState, catchUp);
  } catch (failure) {
    byId('state').replaceChildren(failure.status === 404
      ? notice('empty', 'There is no such session. It may have been deleted, have expired, or belong to another user.')
      : failureNotice(failure, start));
  }
}

/** @param part a part of the turns, newest first */
function addOlder(part) {
  nextPageToken = part.nextPageToken;
  transcript.addOlder(part.items.reverse());
  older.hidden = nextPageToken === undefined;
  showSize();
}

/**
 * Loads the turns between the loaded turns and the first event. It reads back to the turn that is the
 * newest now; events may add newer turns meanwhile.
 */
async function catchUp() {
  const newest = transcript.turns().at(-1);
  try {
    let pageToken;
    let reached = false;
    do {
      const part = await getJson(sessionPath(sessionId, '/turns'), { order: 'desc', limit: FIRST_PART_TURNS, pageToken });
      reached = newest === undefined || part.items.some((turn) => keyOf(turn) === keyOf(newest));
      part.items.forEach(putTurn);
      pageToken = part.nextPageToken;
    } while (!reached && pageToken !== undefined);
  } catch (failure) {
    byId('trouble').replaceChildren(failureNotice(failure, catchUp));
  }
}

function showSize() {
  byId('size').textContent = older.hidden
    ? `${transcript.size.toLocaleString()} turns, all of them loaded`
    : `${transcript.size.toLocaleString()} turns loaded, scroll up to load older ones`;
}

/** @return whether there may be older turns */
async function loadOlder() {
  if (loading || nextPageToken === undefined) {
    return nextPageToken !== undefined;
  }
  loading = true;
  older.disabled = true;
  try {
    addOlder(await olderPart());
    byId('trouble').replaceChildren();
  } finally {
    loading = false;
    older.disabled = false;
  }
  return nextPageToken !== undefined;
}

async function olderPart() {
  const list = { order: 'desc', limit: OLDER_PART_TURNS };
  try {
    return await getJson(sessionPath(sessionId, '/turns'), { ...list, pageToken: nextPageToken });
  } catch (failure) {
    if (failure.status !== 400) {
      throw failure;
    }
    // The service was replaced, and the new instance does not accept the token. Therefore this reads by time,
    // which returns some turns again.
    const oldest = new Date(transcript.turns()[0].occurredAt).getTime();
    return getJson(sessionPath(sessionId, '/turns'), { ...list, to: new Date(oldest + 1).toISOString() });
  }
}

async function loadOlderOrShowFailure() {
  try {
    await loadOlder();
    // Observing again reports whether the button is still in view, since the part may have been short.
    olderObserver.unobserve(older);
    olderObserver.observe(older);
  } catch (failure) {
    byId('trouble').replaceChildren(failureNotice(failure, loadOlderOrShowFailure));
  }
}

function handleEvent(name, data) {
  switch (name) {
    case 'turn':
      putTurn(data);
      break;
    case 'session':
      showFacts(data);
      break;
    case 'erased':
      transcript.erase(data.upTo);
      showSize();
      break;
    case 'gone':
      byId('session').hidden = true;
      byId('state').replaceChildren(notice('empty', 'This session was deleted, has expired, or now belongs to another user.'));
      break;
  }
}

function putTurn(turn) {
  const atEnd = transcript.isAtEnd();
  const outcome = transcript.put(turn);
  if (outcome === 'new') {
    byId('news').textContent = `New turn, ${roleName(turn).toLowerCase()}: ${excerpt(turn, EXCERPT_LENGTH)}`;
    newer.hidden = atEnd;
    showSize();
  }
}

function showState(state, failure) {
  const label = byId('live');
  label.className = `live ${state === 'live' ? 'on' : state}`;
  label.textContent = LIVE_STATES[state];
  label.title = failure?.message ?? '';
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
    byId('trouble').replaceChildren(notice('error', `The download failed: ${failure.message}`));
  } finally {
    button.disabled = false;
  }
}

document.title = `${sessionId} · Parley`;
byId('name').textContent = sessionId;
older.addEventListener('click', loadOlderOrShowFailure);
byId('download').addEventListener('click', download);
newer.addEventListener('click', () => transcript.showEnd());
scroller.addEventListener('scroll', () => {
  newer.hidden = newer.hidden || transcript.isAtEnd();
}, { passive: true });
new Finder(byId('find'), transcript, loadOlder);

if (sessionId === '') {
  byId('state').replaceChildren(notice('empty', 'The address contains no session id. Choose a session from the list.'));
} else {
  void start();
}
