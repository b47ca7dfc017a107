import { join } from 'node:path';
import { answersOk, call, freePorts } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Ground } from '../harness/ground.ts';
import type { Received, ReceiverInput } from './programs/receiver.ts';

const script = join(import.meta.dirname, 'programs/receiver.ts');

/** The destinations that a benchmark sends its pages to, one process for all of them, and what arrived there. */
export class Receiver {
  readonly dataCenters: readonly DataCenter[];
  readonly #control: string;

  static async start(ground: Ground, destinations: number): Promise<Receiver> {
    const [controlPort = 0, ...ports] = await freePorts(destinations + 1);
    const receiver = new Receiver(`http://127.0.0.1:${controlPort}`, ports);
    const input: ReceiverInput = { ports, controlPort };
    await ground.processes.start({
      name: 'receiver',
      command: process.execPath,
      args: [script, JSON.stringify(input)],
      layer: 2,
      ready: () => answersOk(receiver.#control),
    });
    return receiver;
  }

  private constructor(control: string, ports: readonly number[]) {
    this.#control = control;
    this.dataCenters = ports.map((port, index) => {
      const url = `http://127.0.0.1:${port}`;
      return {
        name: `D${index + 1}`,
        site: `d${index + 1}.bench`,
        location: 'this machine',
        apiUrl: url,
        pagingUrl: url,
      };
    });
  }

  /** Where a webhook of its first destination is. */
  get webhookUrl(): string {
    return `${this.dataCenters[0]?.apiUrl}/webhook`;
  }

  /** Waits until so many have arrived since the last call, and starts anew. */
  async take(count: number): Promise<Received> {
    let seen = 0;
    await waitFor(
      `${count} pages`,
      async () => {
        seen = (await this.#ask('GET', '/')).count;
        return seen >= count;
      },
      { withinMs: 120_000, everyMs: 100, lastSeen: () => seen },
    );
    const received = await this.#ask('GET', '/all');
    await this.#ask('DELETE', '/');
    return received;
  }

  async #ask(method: string, path: string): Promise<Received> {
    return (await call<Received>(method, this.#control + path)).body;
  }
}
