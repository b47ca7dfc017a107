/**
 * Returns what the fields `RateLimit` and `RateLimit-Policy` say of a limit (draft-ietf-httpapi-ratelimit-headers-11): how often the
 * request may still be made in the window, and how often at all.
 */
export const rateLimitIn = (headers: Readonly<Record<string, unknown>>, name: string) => ({
  left: numberIn(headers.ratelimit, name, 'r'),
  most: numberIn(headers['ratelimit-policy'], name, 'q'),
});

function numberIn(field: unknown, name: string, parameter: string): number | undefined {
  const digits = new RegExp(`"${name}"[^,]*;${parameter}=(\\d{1,9})`).exec(String(field))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
