import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { instant } from './event-time.ts';
import { failoverCauseOf, failsOverAt } from './failover/failover.ts';
import { agesFrom, workOf } from './page.ts';
import { type Policy } from './policy.ts';
import { type GivenUp, whyUnusable } from './unusable.ts';

/** What is to be done with a page that waits for a call. */
export type Due =
  /** It may be called at `from`, in ms since the epoch; ask again at `until`. */
  | { readonly kind: 'call'; readonly from: number; readonly until: number }
  /** It gets a backup, and may be called nevertheless. */
  | { readonly kind: 'fail-over'; readonly from: number }
  | ({ readonly kind: 'give-up' } & GivenUp);

/** Says what is due for a page that waits for a call, whenever its destination may be called. */
export function due(
  { sourceOrg }: Pick<AlertState, 'sourceOrg'>,
  page: PageState,
  connection: Connection | undefined,
  now: Date,
  policy: Policy,
): Due {
  const isCreate = workOf(page) === 'create';
  // A command that was read late leaves the table of connections no less time.
  const knownSince = instant(page.resolveRequestedAt ?? page.acceptedAt);
  const unknownAt = connection ? Number.POSITIVE_INFINITY : knownSince + policy.connectionGraceMs;
  const unusable = whyUnusable(sourceOrg, connection);
  // Delivered pages may still be resolved over a disabled connection.
  const mayPass = unusable?.reason === 'connection-disabled' ? !isCreate : now.getTime() < unknownAt && !connection;
  if (unusable && !mayPass) return { kind: 'give-up', ...unusable };
  const oldAt = instant(agesFrom(page)) + policy.maxAgeMs;
  if (now.getTime() >= oldAt) return { kind: 'give-up', reason: 'too-old', detail: tooOld(page, now) };
  const from = instant(page.nextAttemptAt);
  const mayFailOver = isCreate && page.failover && !page.failedOverTo;
  if (mayFailOver && failoverCauseOf(page, now)) return { kind: 'fail-over', from };
  const until = Math.min(unknownAt, oldAt, mayFailOver ? failsOverAt(page) : oldAt);
  return { kind: 'call', from, until };
}

function tooOld(page: PageState, now: Date): string {
  const minutes = Math.round((now.getTime() - instant(agesFrom(page))) / 60_000);
  const what = page.attempts === 0 ? 'The destination was not called' : 'The destination did not accept the page';
  const since = workOf(page) === 'create' ? ` after ${page.joinedAt ? 'the latest' : 'its'} command was written` : '';
  const last = page.lastError ? ` Last error: ${page.lastError}` : '';
  return `${what} within ${minutes} minutes${since}.${last}`;
}
