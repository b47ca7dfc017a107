export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Calls an HTTP API and parses its JSON; of a stream of events only the head. A string body is sent as is. Throws without an answer, but never for a status. */
export async function call<Body = unknown>(
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Body>> {
  const request = () =>
    fetch(url, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
  // A server may close an idle connection just when it is reused, so a GET is retried once.
  const response = await (method === 'GET' ? request().catch(request) : request());
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  // It may never end.
  if (isStream) await response.body?.cancel();
  const text = isStream ? '' : await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as Body };
}
