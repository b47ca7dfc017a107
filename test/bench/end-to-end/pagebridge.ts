import type { Ground } from '../harness/ground.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import type { Receiver } from '../page-path/receiver.ts';
import type { Loads, Started } from './loads.ts';

/** The services over a broker, started when the first who asks for them is to be measured. */
export class Pagebridge {
  readonly #ground: Ground;
  readonly #receiver: Receiver;
  readonly #loads: Loads;
  readonly #deliveries: readonly string[];
  #services: Promise<{ path: PagePath; pids: Started['pids'] }> | undefined;

  constructor(ground: Ground, receiver: Receiver, loads: Loads, deliveries: readonly string[]) {
    this.#ground = ground;
    this.#receiver = receiver;
    this.#loads = loads;
    this.#deliveries = deliveries;
  }

  /** With alerts that page so many destinations. */
  async to(destinations: number): Promise<Started> {
    this.#services ??= this.#start();
    const { path, pids } = await this.#services;
    return { source: this.#loadTo(path, destinations), pids, close: path.close };
  }

  async #start(): Promise<{ path: PagePath; pids: Started['pids'] }> {
    const path = await PagePath.on(this.#ground, this.#receiver.dataCenters);
    const links = this.#receiver.linksOf('acme');
    await path.connect(links);
    const [routing, ...delivering] = await this.#ground.progress.step(
      `starting page-routing and ${this.#deliveries.join(', ')}`,
      () =>
        Promise.all([path.start('page-routing'), ...this.#deliveries.map((name) => path.start('page-delivery', name))]),
    );
    const pids = {
      routing: [routing.pid],
      delivery: delivering.map(({ pid }) => pid),
      broker: [await this.#ground.kafkaPid()],
    };
    await this.#ground.progress.step('warming up', () => this.#loads.warmUp(this.#loadTo(path, links.length)));
    return { path, pids };
  }

  #loadTo(path: PagePath, destinations: number): Load {
    const links = this.#receiver.linksOf('acme').slice(0, destinations);
    const teams = links.flatMap((link) => link.teams);
    return new Load(this.#ground, { kafka: path.access('alert-producers'), sourceOrg: 'acme', teams });
  }
}
