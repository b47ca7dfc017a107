import type { Dispatcher } from '@pagebridge/process/proxy';
import type { Headers } from './rate-limit.ts';

/** One HTTP request, with its deadline (milliseconds from now, or a signal) and the maximum size of the answer's body. */
export interface ExchangeRequest {
  readonly origin: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly maxBodyBytes: number;
}

/** An answer. `whole` is false if its body was too long or incomplete. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly whole: boolean;
}

/** A call without an answer. `sent` is true if bytes of the request may have been sent. */
export interface Broken {
  readonly kind: 'broken';
  readonly cause: 'timeout' | 'network';
  readonly detail: string;
  readonly sent: boolean;
}

export type Exchanged = Answer | Broken;

/** Sends one request and reads its whole answer, or gives up at the deadline. Never rejects, and follows no redirect. */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<Exchanged> {
  return new Promise((resolve) => new Exchange(request, resolve).start(dispatcher));
}

// Uses the dispatch interface of undici, because only its `onRequestStart` shows whether bytes may have been sent.
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private status = 0;
  private headers: Headers = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private ended = false;

  constructor(
    private readonly request: ExchangeRequest,
    private readonly resolve: (exchanged: Exchanged) => void,
  ) {}

  start(dispatcher: Dispatcher): void {
    const { origin, method, path, headers, body = null, timeoutMs, signal } = this.request;
    if (signal?.aborted) {
      this.onAbort();
      return;
    }
    signal?.addEventListener('abort', this.onAbort);
    // If the process was busy, an answer may have arrived in time unread: `setImmediate` lets it be read first.
    this.timer = setTimeout(() => setImmediate(() => this.onDeadline()), timeoutMs);
    try {
      const limits = { headersTimeout: 0, bodyTimeout: 0 };
      dispatcher.dispatch({ origin, method, path, headers, body, ...limits }, this);
    } catch (error) {
      // undici throws for invalid arguments, in which case nothing was sent.
      this.onResponseError(undefined, error as Error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline passed while the request waited for a socket: the abort keeps it from being sent.
    if (this.ended) controller.abort(new Error('deadline passed before the request was sent'));
    else this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.request.maxBodyBytes) this.chunks.push(chunk);
    else {
      this.endWithAnswer(false);
      controller.abort(new Error('body too long'));
    }
  }

  onResponseEnd(): void {
    this.endWithAnswer(true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const cause = code.endsWith('TIMEOUT') || code === 'ETIMEDOUT' ? 'timeout' : 'network';
    this.endBroken(cause, error.message || code || error.name);
  }

  private onDeadline(): void {
    const { timeoutMs } = this.request;
    this.giveUp(this.controller ? `no answer within ${timeoutMs} ms` : `no socket within ${timeoutMs} ms`);
  }

  private readonly onAbort = (): void => this.giveUp('the deadline for all calls together has passed');

  private giveUp(detail: string): void {
    if (this.ended) return;
    this.endBroken('timeout', detail);
    this.controller?.abort(new Error('deadline passed'));
  }

  private endBroken(cause: 'timeout' | 'network', detail: string): void {
    // An error status is enough to classify the answer; a 2xx with an incomplete body does not show what the call did.
    if (this.status >= 300) this.endWithAnswer(false);
    else this.end({ kind: 'broken', cause, detail, sent: this.controller !== undefined });
  }

  private endWithAnswer(whole: boolean): void {
    // Most answers arrive in one chunk, which needs no copy.
    const [only] = this.chunks;
    const bytes = only && this.chunks.length === 1 ? only : Buffer.concat(this.chunks);
    const body = bytes.toString('utf8');
    this.end({ kind: 'answer', status: this.status, headers: this.headers, body, whole });
  }

  private end(exchanged: Exchanged): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.onAbort);
    this.resolve(exchanged);
  }
}
