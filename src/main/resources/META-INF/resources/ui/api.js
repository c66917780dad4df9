// Parley's REST API, as the page uses it.

import { parse } from './json.js';
import { refusal, whoReads } from './signin.js';

/** An answer that isn't what was asked for; its message is for people. */
export class Problem extends Error {
  constructor(status, message, retryAfter = 1, signsIn = false) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
    this.signsIn = signsIn;
  }
}

/** The path of a session, whatever its id is made of. */
export function sessionPath(sessionId, below = '') {
  return `/sessions/${encodeURIComponent(sessionId)}${below}`;
}

/** How often a busy service is asked before people are told, and at most how far apart. */
const TRIES = 3;
const LONGEST_PAUSE_S = 5;

/** Asks for JSON, again if it is told to come later. Parameters that are empty or undefined are left out. */
export async function getJson(path, parameters = {}, signal = undefined) {
  for (let tries = 1; ; tries++) {
    try {
      const response = await request(withQuery(path, parameters), { signal });
      return parse(await response.text());
    } catch (failure) {
      if (failure.status !== 503 || tries === TRIES) {
        throw failure;
      }
      await new Promise((resume) => setTimeout(resume, 1_000 * failure.retryAfter));
    }
  }
}

/** Fails with a Problem unless the answer is a good one. */
export async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', redirect: 'error', ...options });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, 'Parley can’t be reached. Is it running, and are you online?');
  }
  if (response.status === 401) {
    throw await unknownReader();
  }
  if (!response.ok) {
    const seconds = Number(response.headers.get('Retry-After')) || 1;
    throw new Problem(response.status, await explanation(response), Math.min(seconds, LONGEST_PAUSE_S));
  }
  return response;
}

export function withQuery(path, parameters) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  return query.size === 0 ? path : `${path}?${query}`;
}

async function unknownReader() {
  const { signsIn } = await whoReads();
  const refused = refusal();
  let message = 'Sign in to read sessions.';
  if (!signsIn) {
    message = 'This Parley wants a token for each read, and isn’t told how the page can sign in: '
      + 'quarkus.oidc.page.client-id is missing.';
  } else if (refused !== undefined) {
    message = `Nobody was signed in (${refused}). Try again, or ask who runs this Parley.`;
  }
  return new Problem(401, message, undefined, signsIn);
}

async function explanation(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title;
  } catch {
    return `Parley answered ${response.status}.`;
  }
}
