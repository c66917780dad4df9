// Follows a session with Server-Sent Events. It uses fetch, since EventSource reports neither why a
// connection failed nor that nothing has arrived for too long.
import { request, sessionPath } from './api.js';
import { parse } from './json.js';

/** The server sends something at least every 15 s. A stream that is silent for longer than this is lost. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Follows a session until it is gone. After a lost connection, it continues after the last event if the
 * server can do so.
 *
 * @param onEvent called with the name and the data of each event
 * @param onState called with "connecting", "live", "lost" or "gone", and with the failure if there was one
 * @param onRestart called when the events begin with the recent turns, so that older turns may be missing
 */
export async function follow(sessionId, onEvent, onState, onRestart) {
  let lastId;
  let retry = FIRST_RETRY_MS;
  let gone = false;
  onState('connecting');
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
          onEvent(event.name, parse(event.data));
          gone = gone || event.name === 'gone';
        }
      }, (response) => {
        onState('live');
        // A new instance may not know the id of the last event. It then begins with the recent turns.
        if (lastId === undefined || response.headers.get('Parley-Resumed') === 'false') {
          onRestart();
        }
      });
      onState('lost');
    } catch (failure) {
      gone = failure.status === 404;
      onState(gone ? 'gone' : 'lost', failure);
    }
    if (!gone) {
      await waitForRetry(retry);
      retry = Math.min(2 * retry, LONGEST_RETRY_MS);
    }
  }
  onState('gone');
}

/** Reads until the stream ends, or is silent for too long. */
async function readStream(path, headers, onEvent, onOpen) {
  const controller = new AbortController();
  let timer;
  const restartTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  const abort = () => controller.abort();
  addEventListener('offline', abort);
  restartTimer();
  try {
    const response = await request(path, { headers, signal: controller.signal });
    onOpen(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let incomplete = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      restartTimer();
      const blocks = (incomplete + part.value).split('\n\n');
      incomplete = blocks.pop();
      blocks.map(parseEvent).forEach(onEvent);
    }
  } finally {
    clearTimeout(timer);
    removeEventListener('offline', abort);
    controller.abort();
  }
}

/** Parley writes each field as one line that ends with "\n". Other parts of the format are not needed. */
function parseEvent(block) {
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

/** Waits for this time, or until the browser is online again. */
function waitForRetry(ms) {
  return new Promise((resume) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener('online', finish);
      resume();
    };
    const timer = setTimeout(finish, ms);
    addEventListener('online', finish);
  });
}
