import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import { type Contender, type Figures, standingOn } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { whileHeld } from '../page-path/held.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { Watched } from '../page-path/watched.ts';

// Beyond that, several destination orgs share a data center, as they do in earnest.
const mostDataCenters = 100;
const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');

export const deliveryTo = (destinations: number): string => `delivery, ${destinations} destinations`;

type Delivering = Awaited<ReturnType<typeof open>>;

/** page-delivery with very many destinations. */
async function open(ground: Ground, most: number) {
  const receiver = await Receiver.start(ground, Math.min(most, mostDataCenters));
  const path = await PagePath.on(ground, receiver.dataCenters);
  await path.connect(receiver.linksOf('acme', most));
  const topic = PageCommands.card.topic;
  const [commands, delivery] = await Promise.all([
    Watched.start(ground, 'watch-commands', watchTopic, { kafka: path.access(), topic }),
    path.start('page-delivery'),
    path.start('page-routing'),
  ]);
  return { ground, path, receiver, commands, delivery };
}

/** Alerts are routed before page-delivery is let go, so that it alone is measured. */
async function measure(delivering: Delivering, destinations: number): Promise<Figures> {
  const { ground, path, receiver, commands, delivery } = delivering;
  const teams = receiver.linksOf('acme', destinations).flatMap((link) => link.teams);
  const load = new Load(ground, { kafka: path.access('alert-producers'), sourceOrg: 'acme', teams });
  const warmUp = Math.max(destinations, 500);
  await load.publish({ count: warmUp, perSecond: 500 });
  await Promise.all([receiver.take(warmUp), commands.take(warmUp)]);
  const count = ground.quick ? 2_000 : 10_000;
  const startedAt = await whileHeld([delivery], async () => {
    await load.publish({ count, perSecond: 0 });
    await commands.take(count);
  });
  const { lastAtMs } = await receiver.take(count);
  return { pagesPerSecond: count / ((lastAtMs - startedAt) / 1000) };
}

/** How many pages a second are accepted, by how many destinations they go to; all share one page-delivery. */
export function deliveryContenders(ground: Ground, destinations: readonly number[]): Contender[] {
  const apart = ground.branch('destinations');
  let delivering: Promise<Delivering> | undefined;
  const opened = () => {
    delivering ??= open(apart, Math.max(...destinations));
    return delivering;
  };
  return destinations.map((count) =>
    standingOn(
      deliveryTo(count),
      opened,
      (shared) => measure(shared, count),
      ({ path }) => path.close(),
    ),
  );
}
