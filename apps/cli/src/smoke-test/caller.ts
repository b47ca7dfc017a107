const timeoutMs = 15_000;

/** Calls a JSON API. Rejects unless the status is 2xx, with the method, URL, status and response body. */
export type Caller = <Answer>(
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Answer>;

export const callerOf =
  (base: string, token?: string, until?: AbortSignal): Caller =>
  async <Answer>(method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const url = base.replace(/\/$/, '') + path;
    const response = await fetch(url, {
      ...{ method, redirect: 'error' },
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(until ? [until] : [])]),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new Error(`${method} ${url}: no answer (${((error.cause as Error) ?? error).message || error.name})`);
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url} answers ${response.status}: ${text.slice(0, 2000)}`);
    return (text ? JSON.parse(text) : undefined) as Answer;
  };
