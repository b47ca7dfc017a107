import { answersOk, call, freePort } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { Testbed } from '../harness/testbed.ts';
import type { Arrived } from './arrivals.ts';

/** A program in its own process that counts arriving alerts. */
export class Watched {
  readonly #url: string;

  /** Starts the program; its input contains the port on which it serves the counts. */
  static async start(testbed: Testbed, name: string, script: string, input: object): Promise<Watched> {
    const controlPort = await freePort();
    const watched = new Watched(`http://127.0.0.1:${controlPort}`);
    await testbed.processes.start({
      name,
      command: process.execPath,
      args: [script, JSON.stringify({ ...input, controlPort })],
      layer: 2,
      ready: () => answersOk(watched.#url),
    });
    return watched;
  }

  private constructor(url: string) {
    this.#url = url;
  }

  /** Waits until this number has arrived since the last call, and resets the count. */
  async take(count: number): Promise<Arrived> {
    let seen = 0;
    await waitFor(
      `${count} arrivals`,
      async () => {
        seen = (await this.#ask('GET', '/')).count;
        return seen >= count;
      },
      { withinMs: 120_000, everyMs: 100, lastSeen: () => seen },
    );
    const arrived = await this.#ask('GET', '/all');
    await this.#ask('DELETE', '/');
    return arrived;
  }

  async #ask(method: string, path: string): Promise<Arrived> {
    return (await call<Arrived>(method, this.#url + path)).body;
  }
}
