import type { Response } from 'express';

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream';

/** How often a silent stream sends a comment, so that no proxy takes its connection for dead. */
const heartbeatMs = 10_000;

/**
 * Answers a request with events, of which the last, `result`, is the answer that the request would have got without them.
 *
 * Nothing is sent before the first event: a request that is refused before gets an ordinary answer. From then on the response keeps what
 * Nest, the handler and the filter write to it, as they always do, and sends it as `result`. A client that leaves changes nothing
 * else: the work goes on.
 */
export class AnswerEvents {
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(private readonly response: Response) {}

  send(event: string, data: object): void {
    if (!this.heartbeat) this.open();
    this.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private open(): void {
    const { response } = this;
    const { statusCode } = response;
    response.writeHead(200, { 'content-type': eventStream, 'x-accel-buffering': 'no' });
    this.heartbeat = setInterval(() => response.write(': \n\n'), heartbeatMs);
    const headers: Record<string, unknown> = {};
    const setHeader: Response['setHeader'] = (name, value) => {
      headers[name.toLowerCase()] = value;
      return response;
    };
    const send = (body: string) => {
      clearInterval(this.heartbeat);
      this.send('result', { status: response.statusCode, headers, body: JSON.parse(body) });
      return response.end();
    };
    // The filter answers only what has no answer yet.
    Object.defineProperty(response, 'headersSent', { value: false });
    Object.assign(response, { statusCode, setHeader, send });
  }
}
