import { join } from 'node:path';
import { freePorts } from '@pagebridge/local-stack';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Ground } from '../harness/ground.ts';
import type { Arrived } from './arrivals.ts';
import { Watched } from './watched.ts';
import type { Link } from './world.ts';

const script = join(import.meta.dirname, 'programs/receiver.ts');

/** The destinations that a benchmark sends its pages to, one process for all of them, and what arrived there. */
export class Receiver {
  readonly dataCenters: readonly DataCenter[];
  readonly #watched: Watched;

  static async start(ground: Ground, dataCenters: number): Promise<Receiver> {
    const ports = await freePorts(dataCenters);
    return new Receiver(await Watched.start(ground, 'receiver', script, { ports }), ports);
  }

  private constructor(watched: Watched, ports: readonly number[]) {
    this.#watched = watched;
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

  /** Connections of this source org to so many orgs, spread over the data centers, with one team each. */
  linksOf(sourceOrg: string, orgs = this.dataCenters.length): Link[] {
    const keys = { apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
    return Array.from({ length: orgs }, (_, index) => {
      const { name: dataCenter = '' } = this.dataCenters[index % this.dataCenters.length] ?? {};
      return { sourceOrg, dataCenter, destinationOrg: `org-${index + 1}`, teams: [`org-${index + 1}-core`], ...keys };
    });
  }

  /** Waits until so many pages have arrived since the last call, and starts anew. */
  take = (count: number): Promise<Arrived> => this.#watched.take(count);
}
