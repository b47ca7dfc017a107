import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { agesFrom, type GiveUpReason, instant, type Policy, workOf } from '@pagebridge/page-ledger';
import { failoverCauseOf, failsOverAt } from './failover/failover.ts';

/** What is to be done with a page that waits for a call. */
export type Due =
  /** It may be called; ask again at `until`, in ms since the epoch. */
  | { readonly kind: 'call'; readonly until: number }
  | { readonly kind: 'fail-over' }
  /** `detail`: a sentence for the operator. */
  | { readonly kind: 'give-up'; readonly reason: GiveUpReason; readonly detail: string };

/** Says what is due for a page that waits for a call, whenever its destination may be called. */
export function due(
  { sourceOrg }: Pick<AlertState, 'sourceOrg'>,
  page: PageState,
  connection: Connection | undefined,
  now: Date,
  policy: Policy,
): Due {
  const isCreate = workOf(page) === 'create';
  if (connection && connection.sourceOrg !== sourceOrg)
    return giveUp('connection-foreign', 'The connection belongs to another source org.');
  // Delivered pages may still be resolved over a disabled connection.
  if (connection && !connection.enabled && isCreate) {
    const deleting = 'The connection is being deleted; page over another.';
    const disabled = 'The connection is disabled; enable it to page over it.';
    return giveUp('connection-disabled', connection.deleting ? deleting : disabled);
  }
  // A command that was read late leaves the table of connections no less time.
  const knownSince = instant(page.resolveRequestedAt ?? page.acceptedAt);
  const unknownAt = connection ? Number.POSITIVE_INFINITY : knownSince + policy.connectionGraceMs;
  if (now.getTime() >= unknownAt)
    return giveUp('connection-unknown', 'The connection does not exist, or no longer does.');
  const oldAt = instant(agesFrom(page)) + policy.maxAgeMs;
  if (now.getTime() >= oldAt) return giveUp('too-old', tooOld(page, now));
  const mayFailOver = isCreate && page.failover && !page.failedOverTo;
  if (mayFailOver && failoverCauseOf(page, now)) return { kind: 'fail-over' };
  return { kind: 'call', until: Math.min(unknownAt, oldAt, mayFailOver ? failsOverAt(page) : oldAt) };
}

const giveUp = (reason: GiveUpReason, detail: string): Due => ({ kind: 'give-up', reason, detail });

function tooOld(page: PageState, now: Date): string {
  const minutes = Math.round((now.getTime() - instant(agesFrom(page))) / 60_000);
  const what = page.attempts === 0 ? 'It was not called' : 'The destination did not accept it';
  const since = workOf(page) === 'create' ? ` after ${page.joinedAt ? 'the latest' : 'its'} command was written` : '';
  const last = page.lastError ? ` Last: ${page.lastError}` : '';
  return `${what} within ${minutes} minutes${since}.${last}`;
}
