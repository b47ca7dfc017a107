import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import { type Contender, type Figures, withResource } from '../harness/bench.ts';
import type { Testbed } from '../harness/testbed.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { Watched } from '../page-path/watched.ts';
import { whilePaused } from '../page-path/while-paused.ts';

// With more orgs than this, several share a data center, as in production.
const maxDataCenters = 100;
const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');

export const deliveryTo = (destinations: number): string => `delivery, ${destinations} destinations`;

type Delivering = Awaited<ReturnType<typeof open>>;

/** Starts page-delivery with very many destinations. */
async function open(testbed: Testbed, most: number) {
  const receiver = await Receiver.start(testbed, Math.min(most, maxDataCenters));
  const path = await PagePath.on(testbed, receiver.dataCenters);
  await path.connect(receiver.linksOf('acme', most));
  const topic = PageCommands.card.topic;
  const [commands, delivery] = await Promise.all([
    Watched.start(testbed, 'watch-commands', watchTopic, { kafka: path.access(), topic }),
    path.start('page-delivery'),
    path.start('page-routing'),
  ]);
  return { testbed, path, receiver, commands, delivery };
}

/** Alerts are routed while page-delivery is paused, so that only page-delivery is measured. */
async function measure(delivering: Delivering, destinations: number): Promise<Figures> {
  const { testbed, path, receiver, commands, delivery } = delivering;
  const teams = receiver.linksOf('acme', destinations).flatMap((link) => link.teams);
  const load = new Load(testbed, { kafka: path.access('alert-producers'), sourceOrg: 'acme', teams });
  const warmUp = Math.max(destinations, 500);
  await load.publish({ count: warmUp, perSecond: 500 });
  await Promise.all([receiver.take(warmUp), commands.take(warmUp)]);
  const count = testbed.quick ? 2_000 : 10_000;
  const startedAt = await whilePaused([delivery], async () => {
    await load.publish({ count, perSecond: 0 });
    await commands.take(count);
  });
  const { lastAtMs } = await receiver.take(count);
  return { pagesPerSecond: count / ((lastAtMs - startedAt) / 1000) };
}

/** Measures the accepted pages a second by the number of destinations; all contenders share one page-delivery. */
export function deliveryContenders(testbed: Testbed, destinations: readonly number[]): Contender[] {
  const apart = testbed.branch('destinations');
  let delivering: Promise<Delivering> | undefined;
  const opened = () => {
    delivering ??= open(apart, Math.max(...destinations));
    return delivering;
  };
  return destinations.map((count) =>
    withResource(
      deliveryTo(count),
      opened,
      (shared) => measure(shared, count),
      ({ path }) => path.close(),
    ),
  );
}
