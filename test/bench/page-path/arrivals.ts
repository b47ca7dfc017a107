import { createServer } from 'node:http';
import { nowMs, sentAtMs } from './alerts.ts';

/** The arrivals since the last reset; latencies from sent to arrived, in milliseconds. */
export interface Arrived {
  readonly count: number;
  readonly lastAtMs: number;
  readonly latenciesMs: readonly number[];
}

/** Counts arrivals in this process, and serves the counts over HTTP (see `Watched`). */
export class Arrivals {
  #latenciesMs: number[] = [];
  #lastAtMs = 0;

  get count(): number {
    return this.#latenciesMs.length;
  }

  /** Counts a text with a send time. */
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
