const withinMs = 5000;
const maxBytes = 4 * 1024 * 1024;

/** What an address answered; without a status, why it did not. */
export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  /** The header Date. */
  readonly date: string | undefined;
  readonly error: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Asks an address. Never rejects; keeps the first 4 MiB of the body, and follows no redirect. */
export async function answerOf(url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
  const askedAt = Date.now();
  try {
    const response = await fetch(url, { method, redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    const answeredAt = Date.now();
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
    const body = Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
    return {
      status: response.status,
      body,
      date: response.headers.get('date') ?? undefined,
      error: '',
      askedAt,
      answeredAt,
    };
  } catch (error) {
    const { cause, message } = error as Error;
    const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
    return {
      status: undefined,
      body: '',
      date: undefined,
      error: `${url} does not answer: ${why}`,
      askedAt,
      answeredAt: Date.now(),
    };
  }
}
