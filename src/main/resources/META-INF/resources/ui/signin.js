// Signing in and out. A cookie stores who signed in; scripts cannot read it.

/** Longer addresses would make the URLs of the sign-in too long. */
const LONGEST_ADDRESS = 1_000;

let reader;

/** Whether readers sign in here, and the name of the reader who has signed in. */
export function currentReader() {
  reader ??= fetch('/ui/reader', { cache: 'no-store' })
    // 401 means that the cookie is no longer valid, so readers do sign in here.
    .then((response) => (response.ok ? response.json() : { signsIn: response.status === 401 }))
    .catch(() => {
      reader = undefined;
      return { signsIn: false };
    });
  return reader;
}

/** Redirects to the provider, which then redirects back to the current address. */
export function signIn() {
  const current = `${location.pathname}${location.search}`;
  const returnTo = signInError() === undefined && current.length <= LONGEST_ADDRESS ? current : location.pathname;
  location.assign(`/ui/sign-in?${new URLSearchParams({ to: returnTo })}`);
}

/**
 * Signs out here, and redirects to the provider, which ends its session, too. This is not a form, since
 * the Content-Security-Policy does not allow a form to lead to another host.
 */
export async function signOut() {
  const headers = { Accept: 'application/json' };
  const response = await fetch('/ui/sign-out', { method: 'POST', headers, redirect: 'error' });
  // The request fails if the reader is not signed in any more.
  location.assign(response.ok ? (await response.json()).location : '/ui/');
}

/** The error code of a sign-in that failed. */
export function signInError() {
  return new URLSearchParams(location.search).get('error')?.match(/^[a-z_]{1,50}$/)?.[0];
}
