import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import { type Contender, type Figures, withResource } from '../harness/bench.ts';
import type { Testbed } from '../harness/testbed.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Watched } from '../page-path/watched.ts';
import { whilePaused } from '../page-path/while-paused.ts';
import type { Link } from '../page-path/world.ts';

const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');
const sourceOrgs = 20;

export const routingWith = (handles: number): string => `routing, ${handles} handles`;

/** Returns a broker with the handles of twenty source orgs, a sender of alerts, and an observer of the commands. */
async function open(testbed: Testbed, handles: number) {
  const path = await PagePath.on(testbed, []);
  const links = Array.from({ length: sourceOrgs }, (_, index) => linkOf(index, handles / sourceOrgs));
  await testbed.progress.step(`publishing ${handles} handles`, () => path.connect(links));
  const commands = await Watched.start(testbed, 'watch-commands', watchTopic, {
    kafka: path.access(),
    topic: PageCommands.card.topic,
  });
  const [{ sourceOrg, teams } = linkOf(0, 1)] = links;
  // A command line has a limited length, so only some handles are passed; every look-up costs the same.
  const load = new Load(testbed, { kafka: path.access('alert-producers'), sourceOrg, teams: teams.slice(-500) });
  return { path, commands, load, count: testbed.quick ? 10_000 : 40_000 };
}

async function measure({ path, commands, load, count }: Awaited<ReturnType<typeof open>>): Promise<Figures> {
  const router = await path.start('page-routing');
  await load.publish({ count: 2_000, perSecond: 2_000 });
  await commands.take(2_000);
  const startedAt = await whilePaused([router], () => load.publish({ count, perSecond: 0 }));
  const { lastAtMs } = await commands.take(count);
  await router.stop();
  return { alertsPerSecond: count / ((lastAtMs - startedAt) / 1000) };
}

const linkOf = (index: number, handles: number): Link => ({
  sourceOrg: `org-${index}`,
  dataCenter: 'EU1',
  teams: Array.from({ length: handles }, (_, number) => `team-${number}`),
  apiKey: 'bench-api-key',
  applicationKey: 'bench-application-key',
});

/** Measures the routed alerts a second of one process, restarted in each round, with this number of handles. */
export function routingContender(testbed: Testbed, handles: number): Contender {
  const apart = testbed.branch(`handles-${handles}`);
  return withResource(
    routingWith(handles),
    () => open(apart, handles),
    measure,
    ({ path }) => path.close(),
  );
}
