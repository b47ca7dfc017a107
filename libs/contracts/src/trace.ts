import { randomBytes } from 'node:crypto';

/** W3C trace context as Pagebridge writes it. */
export const traceparentPattern = '^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$';
const form = new RegExp(traceparentPattern);

/** Returns whether a text is a valid W3C `traceparent`; callers ignore a malformed one, as the recommendation requires. */
export const isTraceparent = (text: string): boolean => form.test(text);

/** Returns the W3C `traceparent` of the next hop: the same trace with a new span, or a new trace if there is none. */
export function nextTraceparent(previous?: string): string {
  const known = previous ? form.exec(previous) : null;
  const traceId = known?.[1] ?? randomHex(32);
  return `00-${traceId}-${randomHex(16)}-${known?.[2] ?? '01'}`;
}

// Random bytes are generated for many ids at once: a system call for each id would take longer than routing the alert.
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
