// Who looks at the page, and how they come in. What says so is a cookie that no script can read.

/** Longer ones would make the way to the provider and back too long. */
const LONGEST_ADDRESS = 1_000;

let reader;

/** Whether readers sign in here, and what to call the one who did. */
export function whoReads() {
  reader ??= fetch('/ui/reader', { cache: 'no-store' })
    // A cookie that is no good any more: they did once.
    .then((response) => (response.ok ? response.json() : { signsIn: response.status === 401 }))
    .catch(() => {
      reader = undefined;
      return { signsIn: false };
    });
  return reader;
}

/** Leaves for the provider, which leads back to what is shown now. */
export function signIn() {
  const here = `${location.pathname}${location.search}`;
  const back = refusal() === undefined && here.length <= LONGEST_ADDRESS ? here : location.pathname;
  location.assign(`/ui/sign-in?${new URLSearchParams({ to: back })}`);
}

/**
 * Ends it here, and leaves for the provider, which ends it there. Not a form: the page's
 * Content-Security-Policy lets none lead to another host.
 */
export async function signOut() {
  const headers = { Accept: 'application/json' };
  const response = await fetch('/ui/sign-out', { method: 'POST', headers, redirect: 'error' });
  // Whoever isn't signed in any more has nothing to sign out of.
  location.assign(response.ok ? (await response.json()).location : '/ui/');
}

/** Why the provider let nobody in, in its one word. */
export function refusal() {
  return new URLSearchParams(location.search).get('error')?.match(/^[a-z_]{1,50}$/)?.[0];
}
