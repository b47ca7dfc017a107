import { join } from 'node:path';
import { answersOk, call, freePorts } from '@pagebridge/local-stack';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Testbed } from '../harness/testbed.ts';
import { dataCentersAt } from '../page-path/receiver.ts';

const script = join(import.meta.dirname, 'programs/destinations.ts');

/** The pages of one monitor; `refused` were called for while the destination was down, `repeated` were created again. */
export interface Counts {
  readonly created: number;
  readonly resolved: number;
  readonly refused: number;
  readonly repeated: number;
}

/** A healthy destination in D1 and one in D2 that can be down, in one process, with the times of their pages. */
export class Destinations {
  readonly dataCenters: readonly DataCenter[];
  readonly #url: string;

  static async start(testbed: Testbed): Promise<Destinations> {
    const [healthyPort = 0, floodedPort = 0, controlPort = 0] = await freePorts(3);
    const destinations = new Destinations([healthyPort, floodedPort], `http://127.0.0.1:${controlPort}`);
    await testbed.processes.start({
      name: 'destinations',
      command: process.execPath,
      args: [script, JSON.stringify({ healthyPort, floodedPort, controlPort })],
      layer: 2,
      ready: () => answersOk(destinations.#url),
    });
    return destinations;
  }

  private constructor(ports: readonly number[], url: string) {
    this.dataCenters = dataCentersAt(ports);
    this.#url = url;
  }

  /** Lets the destination in D2 answer 503. */
  goDown = (): Promise<unknown> => call('PUT', `${this.#url}/down`);
  comeBack = (): Promise<unknown> => call('DELETE', `${this.#url}/down`);

  async counts(monitor: string): Promise<Counts> {
    return (await call<Counts>('GET', `${this.#url}/${monitor}`)).body;
  }

  /** Returns the time of each page by the number of its alert. */
  async times(monitor: string, of: 'created' | 'resolved'): Promise<ReadonlyMap<number, number>> {
    return new Map((await call<[number, number][]>('GET', `${this.#url}/${monitor}/${of}`)).body);
  }
}
