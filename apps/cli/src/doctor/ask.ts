import { boundedFetch } from '../http/bounded-fetch.ts';

const withinMs = 5000;

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

/** Asks an address, without a token. Never rejects. */
export async function ask(url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
  const askedAt = Date.now();
  try {
    const response = await boundedFetch(url, { method }, withinMs);
    const answeredAt = Date.now();
    const [{ status }, date] = [response, response.headers.get('date') ?? undefined];
    return { status, body: await response.text(), date, error: '', askedAt, answeredAt };
  } catch (error) {
    const why = `${url} is unreachable: ${(error as Error).message}`;
    return { status: undefined, body: '', date: undefined, error: why, askedAt, answeredAt: Date.now() };
  }
}
