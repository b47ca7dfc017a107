import type { RateLimit } from '../result.ts';

/** Response headers as undici returns them, with names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

// Longer than any number, date or name.
const maxHeaderLength = 256;

// A header may be wrong, so no answer may stop the calls to a destination for longer than this.
const maxWaitMs = 60 * 60_000;

/** Parses `X-RateLimit-*`, whose period and reset are in seconds; returns undefined unless limit and remaining are present. */
export function rateLimitOf(headers: Headers): RateLimit | undefined {
  const limit = numberIn(headers, 'x-ratelimit-limit');
  const remaining = numberIn(headers, 'x-ratelimit-remaining');
  if (limit === undefined || remaining === undefined) return undefined;
  const name = textIn(headers, 'x-ratelimit-name');
  return {
    limit,
    remaining,
    periodMs: millisecondsIn(headers, 'x-ratelimit-period'),
    resetMs: millisecondsIn(headers, 'x-ratelimit-reset'),
    ...(name === undefined ? {} : { name }),
  };
}

/**
 * Returns how long a failed answer asks the caller to wait, in milliseconds; undefined if it does not.
 *
 * The reset of the rate limit counts only for a 429: other answers have this header too, but do not ask to wait.
 */
export function retryAfterMsOf(status: number, headers: Headers, now: number): number | undefined {
  const reset = status === 429 ? (numberIn(headers, 'x-ratelimit-reset') ?? 0) * 1000 : 0;
  const wait = Math.min(Math.max(reset, retryAfterHeaderMs(headers, now)), maxWaitMs);
  return wait > 0 ? wait : undefined;
}

const millisecondsIn = (headers: Headers, name: string): number =>
  Math.min((numberIn(headers, name) ?? 0) * 1000, maxWaitMs);

function retryAfterHeaderMs(headers: Headers, now: number): number {
  const seconds = numberIn(headers, 'retry-after');
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(textIn(headers, 'retry-after') ?? '');
  return Number.isNaN(date) ? 0 : date - now;
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = textIn(headers, name)?.trim();
  return text !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

function textIn(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0])?.slice(0, maxHeaderLength);
}
