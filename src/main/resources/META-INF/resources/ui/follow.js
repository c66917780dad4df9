// What happens in a session, as it happens: Server-Sent Events by fetch, since EventSource tells neither
// why a connection failed nor that nothing has come for too long.
import { request, sessionPath } from './api.js';
import { parse } from './json.js';

/** A live stream gives a sign of life every 15 s. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Follows until the session is gone. After a loss it goes on where it stopped, if it can.
 *
 * @param heard called with each event's name and data
 * @param changed called with "connecting", "live", "lost" and "gone", and with the failure if one led to it
 * @param begun called when events begin with the recent turns, so that older ones may be unknown
 */
export async function follow(sessionId, heard, changed, begun) {
  let lastId;
  let retry = FIRST_RETRY_MS;
  let gone = false;
  changed('connecting');
  while (!gone) {
    try {
      const headers = { Accept: 'text/event-stream' };
      if (lastId !== undefined) {
        headers['Last-Event-ID'] = lastId;
      }
      await readStream(sessionPath(sessionId, '/events'), headers, (event) => {
        retry = FIRST_RETRY_MS;
        lastId = event.id ?? lastId;
        if (event.name !== undefined) {
          heard(event.name, parse(event.data));
          gone = gone || event.name === 'gone';
        }
      }, (response) => {
        changed('live');
        // Another Parley may not know the ids of the one before; it begins with what is recent.
        if (lastId === undefined || response.headers.get('Parley-Resumed') === 'false') {
          begun();
        }
      });
      changed('lost');
    } catch (failure) {
      gone = failure.status === 404;
      changed(gone ? 'gone' : 'lost', failure);
    }
    if (!gone) {
      await pauseOrOnline(retry);
      retry = Math.min(2 * retry, LONGEST_RETRY_MS);
    }
  }
  changed('gone');
}

/** Until the stream ends, or is silent for too long. */
async function readStream(path, headers, take, opened) {
  const ending = new AbortController();
  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => ending.abort(), SILENCE_MS);
  };
  const cut = () => ending.abort();
  addEventListener('offline', cut);
  alive();
  try {
    const response = await request(path, { headers, signal: ending.signal });
    opened(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      alive();
      const blocks = (rest + part.value).split('\n\n');
      rest = blocks.pop();
      blocks.map(parsed).forEach(take);
    }
  } finally {
    clearTimeout(watch);
    removeEventListener('offline', cut);
    ending.abort();
  }
}

/** Parley writes a line a field and "\n" between them, so this is all of the format that there is. */
function parsed(block) {
  const event = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    const field = { event: 'name', data: 'data', id: 'id' }[line.slice(0, colon)];
    if (field !== undefined) {
      event[field] = line.slice(colon + 2);
    }
  }
  return event;
}

function pauseOrOnline(ms) {
  return new Promise((resume) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resume();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
