// Requests to Parley's REST API.

import { parse } from './json.js';
import { currentReader, signInError } from './signin.js';

/** A request that failed. The message is shown to users; signsIn is true if signing in may help. */
export class Problem extends Error {
  constructor(status, message, retryAfter = 1, signsIn = false) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
    this.signsIn = signsIn;
  }
}

/** The path of a session. The id may contain any characters. */
export function sessionPath(sessionId, below = '') {
  return `/sessions/${encodeURIComponent(sessionId)}${below}`;
}

/** The number of attempts if the service answers 503, and the longest pause between two of them. */
const MAX_ATTEMPTS = 3;
const LONGEST_PAUSE_S = 5;

/** Requests JSON, and retries after a 503. Parameters that are empty or undefined are left out. */
export async function getJson(path, parameters = {}, signal = undefined) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await request(withQuery(path, parameters), { signal });
      return parse(await response.text());
    } catch (failure) {
      if (failure.status !== 503 || attempt === MAX_ATTEMPTS) {
        throw failure;
      }
      await new Promise((resume) => setTimeout(resume, 1_000 * failure.retryAfter));
    }
  }
}

/** Sends a request. Throws a Problem unless the response is successful. */
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
    throw await signInRequired();
  }
  if (!response.ok) {
    const seconds = Number(response.headers.get('Retry-After')) || 1;
    throw new Problem(response.status, await failureMessage(response), Math.min(seconds, LONGEST_PAUSE_S));
  }
  return response;
}

export function withQuery(path, parameters) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  return query.size === 0 ? path : `${path}?${query}`;
}

async function signInRequired() {
  const { signsIn } = await currentReader();
  const error = signInError();
  let message = 'Sign in to read sessions.';
  if (!signsIn) {
    message = 'Reading needs a token, but signing in to this UI is not configured: '
      + 'quarkus.oidc.page.client-id is missing.';
  } else if (error !== undefined) {
    message = `The sign-in failed (${error}). Try again, or ask the operator of this service.`;
  }
  return new Problem(401, message, undefined, signsIn);
}

async function failureMessage(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title;
  } catch {
    return `Parley answered ${response.status}.`;
  }
}
