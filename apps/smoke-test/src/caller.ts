const timeoutMs = 15_000;

/** Calls a JSON API over HTTP. Rejects unless the status is 2xx, with the method, URL, status and response body. */
export class Caller {
  private readonly base: string;

  constructor(
    url: string,
    private readonly token?: string | undefined,
    private readonly signal?: AbortSignal | undefined,
  ) {
    this.base = url.replace(/\/$/, '');
  }

  async ask<Answer>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const url = this.base + path;
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await this.fetched(method, url, {
      ...init,
      headers: { ...authorization, ...content, ...headers },
    });
    return (response ? JSON.parse(response) : undefined) as Answer;
  }

  private async fetched(method: string, url: string, init: RequestInit): Promise<string> {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(this.signal ? [this.signal] : [])]);
    const response = await fetch(url, { ...init, method, redirect: 'error', signal }).catch((error: Error) => {
      throw new Error(`${method} ${url}: no answer (${((error.cause as Error) ?? error).message || error.name})`);
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url} answers ${response.status}: ${text.slice(0, 2000)}`);
    return text;
  }
}
