import { randomBytes } from 'node:crypto';

const traceparentPattern = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C `traceparent` of the next hop: the same trace with a span of its own, or a new trace where there is none.
 *
 * A malformed one counts as none, as the W3C recommendation asks.
 */
export function nextTraceparent(previous?: string): string {
  const known = previous ? traceparentPattern.exec(previous) : null;
  const traceId = known?.[1] ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${known?.[2] ?? '01'}`;
}
