import type { Connection } from '@pagebridge/contracts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { RefusedError } from '../http/problem.ts';
import type { Services } from '../http/services.ts';

const retryMs = 1000;

/** The same keys, sealed anew. A seal that is left out stays as it is. */
export interface Seals {
  readonly sealed?: string;
  readonly former?: string;
}

/**
 * The result of putting seals back. `changed`: the connection has another version now. `gone`: it is unknown, or the token may
 * not see its org. `later`: nothing answers, or a limit is reached. `denied`: the next request would be denied too.
 */
export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'later'; readonly detail: string; readonly afterMs: number }
  | { readonly kind: 'gone' | 'refused' | 'denied'; readonly detail: string };

/** Puts seals back, to the version of the connection that was opened. */
export type PutSeals = (connection: Connection, seals: Seals) => Promise<Answer>;

export const putSeals =
  (services: Pick<Services, 'call'>): PutSeals =>
  async ({ connectionId, sourceOrg, version }, seals) => {
    const path = `/v1/source-orgs/${sourceOrg}/connections/${connectionId}/credentials/sealed`;
    try {
      await services.call('PUT', 'connection-management', path, { body: seals, ifMatch: `"${version}"` });
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof RefusedError) return answerOf(error);
      if (!(error instanceof CommandError && error.exitCode === exitCodes.unavailable)) throw error;
      return { kind: 'later', detail: error.message, afterMs: retryMs };
    }
  };

function answerOf({
  status,
  problem: { code, detail: reason = 'no reason given', retryAfterMs = 0 },
}: RefusedError): Answer {
  if (status === 412) return { kind: 'changed' };
  const detail = `connection-management responded with ${status}${code ? ` ${code}` : ''}: ${reason}`;
  // A source org that the token may not see answers the same: only Kafka shows whether the connection is gone.
  if (status === 404 && code === 'not-found') return { kind: 'gone', detail };
  if (status === 429 || status >= 500)
    return { kind: 'later', detail, afterMs: Math.min(Math.max(retryAfterMs, retryMs), 60_000) };
  // Any other 404 comes from something that is not connection-management.
  return { kind: [401, 403, 404].includes(status) ? 'denied' : 'refused', detail };
}
