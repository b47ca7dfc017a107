import type { RateLimit } from '../result.ts';

/** Response headers as undici gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

// Longer than any number, date or name.
const longestHeader = 256;

// A header can be nonsense; no answer may silence a destination for longer than this.
const longestWaitMs = 60 * 60_000;

/** Reads `X-RateLimit-*`, whose period and reset are in seconds; undefined unless limit and remaining are both there. */
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
 * How long a failed answer asks to wait, in milliseconds; undefined where it asks for nothing.
 *
 * The reset of the rate limit counts only on a 429: other answers carry it too and do not mean it.
 */
export function retryAfterMsOf(status: number, headers: Headers, now: number): number | undefined {
  const reset = status === 429 ? (numberIn(headers, 'x-ratelimit-reset') ?? 0) * 1000 : 0;
  const wait = Math.min(Math.max(reset, retryAfterHeaderMs(headers, now)), longestWaitMs);
  return wait > 0 ? wait : undefined;
}

const millisecondsIn = (headers: Headers, name: string): number =>
  Math.min((numberIn(headers, name) ?? 0) * 1000, longestWaitMs);

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
  return (typeof value === 'string' ? value : value?.[0])?.slice(0, longestHeader);
}
