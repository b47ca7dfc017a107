import { send } from './client.ts';
import { eventsOf } from './event-stream.ts';
import { ProblemError } from './problem.ts';

/** The answer of a request, however it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * Sends a request whose answer is the last event of a stream, `result`; tells the data of each event before.
 *
 * An answer that is no stream, such as a refusal of the gateway, is returned as it is. Throws ProblemError if the stream breaks.
 */
export async function sendForEvents(request: Request, onEvent: (name: string, data: unknown) => void): Promise<Answer> {
  request.headers.set('accept', 'text/event-stream');
  const response = await send(request);
  const { status, headers, body } = response;
  if (!body || !headers.get('content-type')?.startsWith('text/event-stream')) {
    return { status, headers: Object.fromEntries(headers), body: await response.json().catch(() => undefined) };
  }
  try {
    for await (const { name, data } of eventsOf(body)) {
      if (name === 'result') return data as Answer;
      onEvent(name, data);
    }
  } catch {
    // The service goes on: its result is there to be looked at, and not to be asked for again.
  }
  throw new ProblemError({
    status: 504,
    code: 'console-answer-lost',
    title: 'The response was lost',
    detail: 'The response was incomplete. The change may have been stored: check before you retry.',
    errors: [],
  });
}
