import { type Connection, defaultFailoverSeconds, type PageState } from '@pagebridge/contracts';
import { agesFrom, instant, type Policy, workOf } from '@pagebridge/page-ledger';

/**
 * Returns when a waiting page must fail over or be given up, in ms since the epoch; in the past if that is due now.
 *
 * `reasonToGiveUp` and `failOver` decide then: the page may have been joined, or the connection may have changed.
 */
export function deadlineOf(page: PageState, connection: Connection | undefined, policy: Policy): number {
  if (!connection) return instant(page.resolveRequestedAt ?? page.acceptedAt) + policy.connectionGraceMs;
  const isCreate = workOf(page) === 'create';
  if (isCreate && !connection.enabled) return 0;
  const { failover, failedOverTo, acceptedAt, attempts } = page;
  const givenUpAt = instant(agesFrom(page)) + policy.maxAgeMs;
  if (!isCreate || !failover || failedOverTo) return givenUpAt;
  const { afterSeconds = defaultFailoverSeconds, afterFailures = Number.POSITIVE_INFINITY } = failover;
  if (attempts >= afterFailures) return 0;
  return Math.min(givenUpAt, instant(acceptedAt) + afterSeconds * 1000);
}
