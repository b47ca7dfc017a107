import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { agesFrom, type GiveUpReason, instant, type Policy, workOf } from '@pagebridge/page-ledger';

/** `detail`: a sentence for the operator. */
export interface ReasonToGiveUp {
  readonly reason: GiveUpReason;
  readonly detail: string;
}

/** Returns why a page must be given up; undefined while it may still be delivered. */
export function reasonToGiveUp(
  state: AlertState,
  page: PageState,
  connection: Connection | undefined,
  now: Date,
  policy: Policy,
): ReasonToGiveUp | undefined {
  const waitedMs = now.getTime() - instant(agesFrom(page));
  if (connection && connection.sourceOrg !== state.sourceOrg) {
    return { reason: 'connection-foreign', detail: 'The connection belongs to another source org.' };
  }
  // Delivered pages may still be resolved over a disabled connection.
  if (connection && !connection.enabled && workOf(page) === 'create') {
    const detail = connection.deleting
      ? 'The connection is being deleted; page over another.'
      : 'The connection is disabled; enable it to page over it.';
    return { reason: 'connection-disabled', detail };
  }
  // A command that was read late leaves the table of connections no less time.
  const knownMs = now.getTime() - instant(page.resolveRequestedAt ?? page.acceptedAt);
  if (!connection && knownMs >= policy.connectionGraceMs) {
    return { reason: 'connection-unknown', detail: 'The connection does not exist, or no longer does.' };
  }
  if (waitedMs < policy.maxAgeMs) return undefined;
  const what = page.attempts === 0 ? 'It was not called' : 'The destination did not accept it';
  const since = workOf(page) === 'create' ? ` after ${page.joinedAt ? 'the latest' : 'its'} command was written` : '';
  const last = page.lastError ? ` Last: ${page.lastError}` : '';
  return { reason: 'too-old', detail: `${what} within ${Math.round(waitedMs / 60_000)} minutes${since}.${last}` };
}
