import { bodyWithin } from '@pagebridge/access';
import type { Connection } from '@pagebridge/contracts';

const timeoutMs = 10_000;
const retryMs = 1000;
// An answer with a connection has a few KiB.
const maxBytes = 256 * 1024;

/** The same keys, sealed anew. A seal that is left out stays as it is. */
export interface Seals {
  readonly sealed?: string;
  readonly former?: string;
}

/**
 * The result of putting seals back. `changed`: the connection has another version now. `gone`: it is unknown, or the token may
 * not see its org. `later`: nothing answers, or a limit is reached. `denied`: the next request would be denied too.
 */
export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'later'; readonly detail: string; readonly afterMs: number }
  | { readonly kind: 'gone' | 'refused' | 'denied'; readonly detail: string };

/** Puts seals back over HTTP, to the version of the connection that was opened. Never rejects. */
export class ConnectionsApi {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async put({ connectionId, sourceOrg, version }: Connection, seals: Seals): Promise<Answer> {
    const path = `/v1/source-orgs/${sourceOrg}/connections/${connectionId}/credentials/sealed`;
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    try {
      const response = await fetch(new URL(path, this.url), {
        method: 'PUT',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'content-type': 'application/json', 'if-match': `"${version}"`, ...authorization },
        body: JSON.stringify(seals),
      });
      const body = await bodyWithin(maxBytes, response);
      return answerOf(response, body?.toString() ?? '');
    } catch (error) {
      const { cause = error } = error as Error;
      const detail = `${this.url} does not answer: ${(cause as Error).message || 'no connection'}`;
      return { kind: 'later', detail, afterMs: retryMs };
    }
  }
}

function answerOf({ status, headers }: Response, text: string): Answer {
  if (status === 200) return { kind: 'done' };
  if (status === 412) return { kind: 'changed' };
  const { code, detail: reason = 'without a reason' } = problemIn(text);
  const detail = `connection-management answers ${status}${code ? ` ${code}` : ''}: ${reason}`;
  // A source org that the token may not see answers the same: only Kafka shows whether the connection is gone.
  if (status === 404 && code === 'not-found') return { kind: 'gone', detail };
  if (status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after')) || 0;
    return { kind: 'later', detail, afterMs: Math.min(Math.max(seconds * 1000, retryMs), 60_000) };
  }
  // Any other 404 comes from something that is not connection-management.
  return { kind: [401, 403, 404].includes(status) ? 'denied' : 'refused', detail };
}

function problemIn(text: string): { readonly code?: unknown; readonly detail?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    // Something other than connection-management answers; its status is enough.
    return {};
  }
}
