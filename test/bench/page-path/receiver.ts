import { join } from 'node:path';
import { answersOk, call, freePort, freePorts } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Testbed } from '../harness/testbed.ts';
import type { Arrived } from './arrivals.ts';
import type { Link } from './world.ts';

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

const script = join(import.meta.dirname, 'programs/receiver.ts');

/** The destinations of a benchmark, all in one process, with their arrivals. */
export class Receiver {
  readonly dataCenters: readonly DataCenter[];
  readonly #watched: Watched;

  static async start(testbed: Testbed, dataCenters: number): Promise<Receiver> {
    const ports = await freePorts(dataCenters);
    return new Receiver(await Watched.start(testbed, 'receiver', script, { ports }), ports);
  }

  private constructor(watched: Watched, ports: readonly number[]) {
    this.#watched = watched;
    this.dataCenters = dataCentersAt(ports);
  }

  /** The URL of a webhook of the first destination. */
  get webhookUrl(): string {
    return `${this.dataCenters[0]?.apiUrl}/webhook`;
  }

  /** Returns connections of this source org to a number of orgs, spread over the data centers, with one team each. */
  linksOf(sourceOrg: string, orgs = this.dataCenters.length): Link[] {
    const keys = { apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
    return Array.from({ length: orgs }, (_, index) => {
      const { name: dataCenter = '' } = this.dataCenters[index % this.dataCenters.length] ?? {};
      return { sourceOrg, dataCenter, destinationOrg: `org-${index + 1}`, teams: [`org-${index + 1}-core`], ...keys };
    });
  }

  /** Waits until this number of pages has arrived since the last call, and resets the count. */
  take = (count: number): Promise<Arrived> => this.#watched.take(count);
}

/** Returns a data center for each port, D1 and on. */
export const dataCentersAt = (ports: readonly number[]): DataCenter[] =>
  ports.map((port, index) => {
    const url = `http://127.0.0.1:${port}`;
    return {
      name: `D${index + 1}`,
      site: `d${index + 1}.bench`,
      location: 'this machine',
      apiUrl: url,
      pagingUrl: url,
    };
  });
