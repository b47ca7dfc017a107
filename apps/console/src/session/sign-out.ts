import { ProblemError, problemOf, unreachable } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { alone, ask } from '../api/renew.ts';
import { browser } from '../browser.ts';
import { sessionQuery } from './session.ts';

/** What the gateway tells of a session that was ended. */
export interface Ending {
  readonly issuer: string;
  /** Whether no copy of the session can be renewed any more. */
  readonly isTokenRevoked: boolean;
  /** Where the issuer ends its own session, if it can. */
  readonly endSessionUrl?: string;
}

const channelName = 'pagebridge-session';
const key = 'pagebridge-signed-out';

/** Returns how this tab was signed out; undefined if it was not, or has begun a login since. */
export function lastEnding(): Ending | undefined {
  const kept = sessionStorage.getItem(key);
  return kept === null ? undefined : (JSON.parse(kept) as Ending);
}

/** Forgets that this tab was signed out. */
export const forgetEnding = (): void => sessionStorage.removeItem(key);

/**
 * Ends the session in all tabs of this browser, and at the issuer as far as it can. Throws ProblemError if the gateway did not end it.
 *
 * No renewal is in flight meanwhile: its answer would sign in again.
 */
export async function signOut(): Promise<void> {
  const ending = await alone(ended);
  const others = new BroadcastChannel(channelName);
  others.postMessage(ending);
  others.close();
  await leave(ending);
  if (ending.endSessionUrl) browser.go(ending.endSessionUrl);
}

/** Leaves the screens of this tab when another one signs out. Returns what ends that. */
export function followSignOut(): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }: MessageEvent<Ending>) => void leave(data);
  return () => channel.close();
}

async function ended(): Promise<Ending> {
  const answer = await ask('/logout', { method: 'POST' }).catch(() => undefined);
  if (!answer) throw new ProblemError(unreachable);
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new ProblemError(problemOf(answer.status, body));
  return body as Ending;
}

/** Without a session no screen stands. */
async function leave(ending: Ending): Promise<void> {
  sessionStorage.setItem(key, JSON.stringify(ending));
  await queryClient.resetQueries(sessionQuery);
}

/** Removes what was read for the person who has left from the memory of the page, once no screen shows it any more. */
export const forgetData = (): void =>
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
