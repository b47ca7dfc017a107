import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import { type Contender, type Figures, standingOn } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { whileHeld } from '../page-path/held.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Watched } from '../page-path/watched.ts';
import type { Link } from '../page-path/world.ts';

const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');
const sourceOrgs = 20;

export const routingWith = (handles: number): string => `routing, ${handles} handles`;

/** A broker with the handles of twenty source orgs, and what sends alerts to it and sees the commands. */
async function open(ground: Ground, handles: number) {
  const path = await PagePath.on(ground, []);
  const links = Array.from({ length: sourceOrgs }, (_, index) => linkOf(index, handles / sourceOrgs));
  await ground.progress.step(`publishing ${handles} handles`, () => path.connect(links));
  const commands = await Watched.start(ground, 'watch-commands', watchTopic, {
    kafka: path.access(),
    topic: PageCommands.card.topic,
  });
  const [{ sourceOrg, teams } = linkOf(0, 1)] = links;
  // A command line has room for some of them; any handle is found as any other.
  const load = new Load(ground, { kafka: path.access('alert-producers'), sourceOrg, teams: teams.slice(-500) });
  return { path, commands, load, count: ground.quick ? 10_000 : 40_000 };
}

async function measure({ path, commands, load, count }: Awaited<ReturnType<typeof open>>): Promise<Figures> {
  const router = await path.start('page-routing');
  await load.publish({ count: 2_000, perSecond: 2_000 });
  await commands.take(2_000);
  const startedAt = await whileHeld([router], () => load.publish({ count, perSecond: 0 }));
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

/** How many alerts a second are routed by one process, started anew in each round, that knows so many handles. */
export function routingContender(ground: Ground, handles: number): Contender {
  const apart = ground.branch(`handles-${handles}`);
  return standingOn(
    routingWith(handles),
    () => open(apart, handles),
    measure,
    ({ path }) => path.close(),
  );
}
