import { createServer } from 'node:http';
import { nowMs, sentAtMs } from './alerts.ts';

/** What arrived since it was last asked to start anew; latencies from sent to arrived, in milliseconds. */
export interface Arrived {
  readonly count: number;
  readonly lastAtMs: number;
  readonly latenciesMs: readonly number[];
}

/** Counts what arrives in this process, and tells over HTTP whoever asks (see `Watched`). */
export class Arrivals {
  #latenciesMs: number[] = [];
  #lastAtMs = 0;

  get count(): number {
    return this.#latenciesMs.length;
  }

  /** Notes a text that says when it was sent. */
  note(text: string): void {
    this.#lastAtMs = nowMs();
    this.#latenciesMs.push(this.#lastAtMs - sentAtMs(text));
  }

  serve(port: number): void {
    const server = createServer(({ method, url }, response) => {
      const latenciesMs = url === '/all' ? this.#latenciesMs : [];
      const arrived: Arrived = { count: this.count, lastAtMs: this.#lastAtMs, latenciesMs };
      if (method === 'DELETE') this.#latenciesMs = [];
      response.end(JSON.stringify(arrived));
    });
    server.listen(port, '127.0.0.1');
  }
}
