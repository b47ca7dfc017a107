/** One limit of a request: how often it may still be made in the window, and how often at all. */
export interface RateLimit {
  readonly left: number | undefined;
  readonly most: number | undefined;
}

/** Returns what the fields `RateLimit` and `RateLimit-Policy` say of a limit (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateLimitIn = (headers: Readonly<Record<string, unknown>>, name: string): RateLimit => ({
  left: numberIn(headers.ratelimit, name, 'r'),
  most: numberIn(headers['ratelimit-policy'], name, 'q'),
});

function numberIn(field: unknown, name: string, parameter: string): number | undefined {
  const digits = new RegExp(`"${name}"[^,]*;${parameter}=(\\d{1,9})`).exec(String(field))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
