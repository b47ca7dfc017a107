import type { Testbed } from '../harness/testbed.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import type { Receiver } from '../page-path/receiver.ts';
import type { Loads, Started } from './loads.ts';

/** The services and a broker, started on the first call. */
export class Pagebridge {
  readonly #testbed: Testbed;
  readonly #receiver: Receiver;
  readonly #loads: Loads;
  readonly #deliveries: readonly string[];
  #services: Promise<{ path: PagePath; pids: Started['pids'] }> | undefined;

  constructor(testbed: Testbed, receiver: Receiver, loads: Loads, deliveries: readonly string[]) {
    this.#testbed = testbed;
    this.#receiver = receiver;
    this.#loads = loads;
    this.#deliveries = deliveries;
  }

  /** Returns a source of alerts that page this number of destinations. */
  async to(destinations: number): Promise<Started> {
    this.#services ??= this.#start();
    const { path, pids } = await this.#services;
    return { source: this.#loadTo(path, destinations), pids, close: path.close };
  }

  async #start(): Promise<{ path: PagePath; pids: Started['pids'] }> {
    const path = await PagePath.on(this.#testbed, this.#receiver.dataCenters);
    const links = this.#receiver.linksOf('acme');
    await path.connect(links);
    const [routing, ...delivering] = await this.#testbed.progress.step(
      `starting page-routing and ${this.#deliveries.join(', ')}`,
      () =>
        Promise.all([path.start('page-routing'), ...this.#deliveries.map((name) => path.start('page-delivery', name))]),
    );
    const pids = {
      routing: [routing.pid],
      delivery: delivering.map(({ pid }) => pid),
      broker: [await this.#testbed.kafkaPid()],
    };
    await this.#testbed.progress.step('warming up', () => this.#loads.warmUp(this.#loadTo(path, links.length)));
    return { path, pids };
  }

  #loadTo(path: PagePath, destinations: number): Load {
    const links = this.#receiver.linksOf('acme').slice(0, destinations);
    const teams = links.flatMap((link) => link.teams);
    return new Load(this.#testbed, { kafka: path.access('alert-producers'), sourceOrg: 'acme', teams });
  }
}
