import { join } from 'node:path';
import { PageCommands } from '@pagebridge/contracts';
import type { Contender } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { whileHeld } from '../page-path/held.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Watched } from '../page-path/watched.ts';
import type { Link } from '../page-path/world.ts';

const watchTopic = join(import.meta.dirname, '../page-path/programs/watch-topic.ts');
const sourceOrgs = 20;
/** How many handles the routers know where it is their number that grows. */
const usualHandles = 10_000;

export const routingBy = (processes: number): string =>
  `routing, ${processes} ${processes === 1 ? 'process' : 'processes'}`;
export const routingWith = (handles: number): string => `routing, ${handles} handles`;

/** A broker with the handles of twenty source orgs, and routers that are started anew in each round. */
class Routing {
  readonly #ground: Ground;
  readonly #handles: number;
  #path: PagePath | undefined;
  #commands: Watched | undefined;
  #load: Load | undefined;

  constructor(ground: Ground, handles: number) {
    this.#ground = ground;
    this.#handles = handles;
  }

  async open(): Promise<void> {
    if (this.#path) return;
    const path = await PagePath.on(this.#ground, []);
    const links = Array.from({ length: sourceOrgs }, (_, index) => linkOf(index, this.#handles / sourceOrgs));
    await this.#ground.progress.step(`publishing ${this.#handles} handles`, () => path.connect(links));
    const topic = PageCommands.card.topic;
    this.#commands = await Watched.start(this.#ground, 'watch-commands', watchTopic, { brokers: path.brokers, topic });
    const [{ sourceOrg, teams } = linkOf(0, 1)] = links;
    // A command line has room for some of them; any handle is found as any other.
    this.#load = new Load(this.#ground, { brokers: path.brokers, sourceOrg, teams: teams.slice(-500) });
    this.#path = path;
  }

  async measure(processes: number): Promise<{ alertsPerSecond: number }> {
    const [path, commands, load] = [this.#path, this.#commands, this.#load];
    if (!path || !commands || !load) throw new Error('not opened');
    const names = Array.from({ length: processes }, (_, index) => `page-routing-${index + 1}`);
    const routers = await Promise.all(names.map((name) => path.start('page-routing', name)));
    await load.publish({ count: 2_000, perSecond: 2_000 });
    await commands.take(2_000);
    const count = this.#ground.quick ? 10_000 : 40_000;
    const startedAt = await whileHeld(routers, () => load.publish({ count, perSecond: 0 }));
    const { lastAtMs } = await commands.take(count);
    await Promise.all(routers.map((router) => router.stop()));
    return { alertsPerSecond: count / ((lastAtMs - startedAt) / 1000) };
  }

  close = async (): Promise<void> => this.#path?.close();
}

const linkOf = (index: number, handles: number): Link => ({
  sourceOrg: `org-${index}`,
  dataCenter: 'EU1',
  teams: Array.from({ length: handles }, (_, number) => `team-${number}`),
  apiKey: 'bench-api-key',
  applicationKey: 'bench-application-key',
});

/** How many alerts a second are routed, by how many processes and with how many handles known. */
export function routingContenders(
  ground: Ground,
  processes: readonly number[],
  handles: readonly number[],
): Contender[] {
  const usual = new Routing(ground.branch(`handles-${usualHandles}`), usualHandles);
  const byProcesses = processes.map(
    (count): Contender => ({
      name: routingBy(count),
      open: () => usual.open(),
      measure: () => usual.measure(count),
      close: usual.close,
    }),
  );
  const byHandles = handles.map((count): Contender => {
    const routing = count === usualHandles ? usual : new Routing(ground.branch(`handles-${count}`), count);
    return {
      name: routingWith(count),
      open: () => routing.open(),
      measure: () => routing.measure(1),
      close: routing.close,
    };
  });
  return [...byProcesses, ...byHandles];
}
