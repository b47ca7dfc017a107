import { randomBytes } from 'node:crypto';

const traceparentPattern = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C `traceparent` of the next hop: the same trace with a span of its own, or a new trace where there is none.
 *
 * A malformed one counts as none, as the W3C recommendation asks.
 */
export function nextTraceparent(previous?: string): string {
  const known = previous ? traceparentPattern.exec(previous) : null;
  const traceId = known?.[1] ?? randomHex(32);
  return `00-${traceId}-${randomHex(16)}-${known?.[2] ?? '01'}`;
}

// Asking the system for each id takes longer than routing the alert.
let pool = '';
let used = 0;

function randomHex(digits: number): string {
  if (used + digits > pool.length) {
    pool = randomBytes(8192).toString('hex');
    used = 0;
  }
  used += digits;
  return pool.slice(used - digits, used);
}
