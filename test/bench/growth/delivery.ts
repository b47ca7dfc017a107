import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import type { LocalProcess } from '@pagebridge/local-stack';
import type { Contender } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { whileHeld } from '../page-path/held.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { Watched } from '../page-path/watched.ts';

// Beyond that, several destination orgs share a data center, as they do in earnest.
const mostDataCenters = 100;
const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');

export const deliveryTo = (destinations: number): string =>
  `delivery, ${destinations} ${destinations === 1 ? 'destination' : 'destinations'}`;

/** page-delivery with very many destinations; alerts are routed before it is let go, so that it alone is measured. */
class Delivering {
  readonly #ground: Ground;
  readonly #most: number;
  #parts: { path: PagePath; receiver: Receiver; commands: Watched; delivery: LocalProcess } | undefined;

  constructor(ground: Ground, most: number) {
    this.#ground = ground;
    this.#most = most;
  }

  async open(): Promise<void> {
    if (this.#parts) return;
    const receiver = await Receiver.start(this.#ground, Math.min(this.#most, mostDataCenters));
    const path = await PagePath.on(this.#ground, receiver.dataCenters);
    await path.connect(receiver.linksOf('acme', this.#most));
    const topic = PageCommands.card.topic;
    const [commands, delivery] = await Promise.all([
      Watched.start(this.#ground, 'watch-commands', watchTopic, { brokers: path.brokers, topic }),
      path.start('page-delivery'),
      path.start('page-routing'),
    ]);
    this.#parts = { path, receiver, commands, delivery };
  }

  async measure(destinations: number): Promise<{ pagesPerSecond: number }> {
    if (!this.#parts) throw new Error('not opened');
    const { path, receiver, commands, delivery } = this.#parts;
    const teams = receiver.linksOf('acme', destinations).flatMap((link) => link.teams);
    const load = new Load(this.#ground, { brokers: path.brokers, sourceOrg: 'acme', teams });
    const warmUp = Math.max(destinations, 500);
    await load.publish({ count: warmUp, perSecond: 500 });
    await Promise.all([receiver.take(warmUp), commands.take(warmUp)]);
    const count = this.#ground.quick ? 2_000 : 10_000;
    const startedAt = await whileHeld([delivery], async () => {
      await load.publish({ count, perSecond: 0 });
      await commands.take(count);
    });
    const { lastAtMs } = await receiver.take(count);
    return { pagesPerSecond: count / ((lastAtMs - startedAt) / 1000) };
  }

  close = async (): Promise<void> => this.#parts?.path.close();
}

/** How many pages a second are accepted, by how many destinations they go to. */
export function deliveryContenders(ground: Ground, destinations: readonly number[]): Contender[] {
  const delivering = new Delivering(ground.branch('destinations'), Math.max(...destinations));
  return destinations.map(
    (count): Contender => ({
      name: deliveryTo(count),
      open: () => delivering.open(),
      measure: () => delivering.measure(count),
      close: delivering.close,
    }),
  );
}
