import { browser } from '../browser.ts';
import { forgetEnding } from './sign-out.ts';

const fragmentKey = 'pagebridge-fragment';

const here = (): string => window.location.pathname + window.location.search;
const loginPath = (to: string): string => `/login?return=${encodeURIComponent(to)}`;

/** Leaves the page for the login. Redirects lose a fragment, so it waits in the storage of this tab. */
export function goToLogin(): void {
  sessionStorage.setItem(fragmentKey, window.location.hash);
  forgetEnding();
  browser.go(loginPath(here()));
}

/** Puts back the fragment that the login has lost. Called once, before anything reads the address. */
export function restoreFragment(): void {
  const fragment = sessionStorage.getItem(fragmentKey);
  sessionStorage.removeItem(fragmentKey);
  if (fragment && window.location.hash === '') history.replaceState(history.state, '', here() + fragment);
}

/** Opens the login in a new tab; this one keeps what was typed. */
export const signInElsewhere = (): void => browser.open(loginPath('/signed-in'));
