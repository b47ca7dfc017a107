import { bodyWithin } from '@pagebridge/access';
import type { Connection } from '@pagebridge/contracts';
import type { Answer, Api, Seals } from '../application/ports.ts';

const timeoutMs = 10_000;
const retryMs = 1000;
// An answer with a connection has a few KiB.
const mostBytes = 256 * 1024;

/** Puts seals back over HTTP, to the version of the connection that was opened. Never rejects. */
export class ConnectionsApi implements Api {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async put({ connectionId, sourceOrg, version }: Connection, seals: Seals): Promise<Answer> {
    const path = `/v1/source-orgs/${sourceOrg}/connections/${connectionId}/credentials/sealed`;
    try {
      const response = await fetch(new URL(path, this.url), {
        method: 'PUT',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'if-match': `"${version}"`,
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        },
        body: JSON.stringify(seals),
      });
      const body = await bodyWithin(mostBytes, response);
      return answerOf(response, body?.toString() ?? '');
    } catch (error) {
      const { cause } = error as Error & { cause?: Error };
      const detail = `${this.url} does not answer: ${(cause ?? (error as Error)).message || 'no connection'}`;
      return { kind: 'later', detail, afterMs: retryMs };
    }
  }
}

function answerOf({ status, headers }: Response, text: string): Answer {
  if (status === 200) return { kind: 'done' };
  if (status === 412) return { kind: 'changed' };
  const { code, detail: reason } = problemIn(text);
  const detail = `connection-management answers ${status}${code ? ` ${code}` : ''}: ${reason ?? 'without a reason'}`;
  // A source org that the token may not see answers the same: only Kafka shows whether the connection is gone.
  if (status === 404 && code === 'not-found') return { kind: 'gone', detail };
  if (status === 429 || status >= 500) {
    const seconds = Number(headers.get('retry-after')) || 0;
    return { kind: 'later', detail, afterMs: Math.min(Math.max(seconds * 1000, retryMs), 60_000) };
  }
  // Any other 404 comes from something that is not connection-management.
  const isDenied = status === 401 || status === 403 || status === 404;
  return { kind: isDenied ? 'denied' : 'refused', detail };
}

function problemIn(text: string): { code?: string; detail?: string } {
  try {
    const { code, detail } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof code === 'string' ? { code } : {}), ...(typeof detail === 'string' ? { detail } : {}) };
  } catch {
    // Something other than connection-management answers; its status is enough.
    return {};
  }
}
