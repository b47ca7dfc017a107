import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalProcess, sealingKeys } from '@pagebridge/local-stack';
import { cpuSeconds, mebibytesOf, median } from '../harness/statistics.ts';
import type { Bench, Contender, Figures, Finding, Goal, Testbed } from '../harness/testbed.ts';
import { nowMs } from '../page-path/alerts.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Changes, type Effort, Known, trialFigures } from './changes.ts';
import { type Calls, connectionRecords, Destinations, keysOfEach, placesAmong } from './destinations.ts';

const minuteMs = 60_000;

/** Destinations with teams, their connections, and one handle-sync that starts without state. */
class World {
  readonly #testbed: Testbed;
  readonly #destinations: Destinations;
  readonly #path: PagePath;
  readonly #known: Known;
  readonly #teams: number;

  static async on(testbed: Testbed, connections: number): Promise<World> {
    const { progress, quick } = testbed;
    const count = connections / keysOfEach;
    const teamsOfEach = quick ? 100 : 500;
    const destinations = await progress.step(`starting ${count} destinations`, () =>
      Destinations.start(testbed, count, teamsOfEach),
    );
    const { orgs } = destinations;
    const path = await PagePath.on(
      testbed,
      orgs.map(({ dataCenter }) => dataCenter),
    );
    const { publicKey } = await sealingKeys(testbed.folder);
    await progress.step(`publishing ${connections} connections`, async () =>
      path.publish(await connectionRecords(placesAmong(orgs), publicKey)),
    );
    return new World(testbed, destinations, path, await Known.of(path.access()), count * teamsOfEach);
  }

  private constructor(testbed: Testbed, destinations: Destinations, path: PagePath, known: Known, teams: number) {
    this.#testbed = testbed;
    this.#destinations = destinations;
    this.#path = path;
    this.#known = known;
    this.#teams = teams;
  }

  async measure(): Promise<Figures> {
    const { progress } = this.#testbed;
    const startedAtMs = nowMs();
    const afterAMinute = async () => {
      await sleep(startedAtMs + minuteMs - nowMs());
      return this.#rateLimited();
    };
    const [sync, routing] = await progress.step('starting handle-sync and page-routing', () =>
      Promise.all([this.#path.start('handle-sync'), this.#path.start('page-routing')]),
    );
    const [begun, rateLimitedAtFirst] = await progress.step('all directories from nothing', () =>
      Promise.all([this.#untilComplete(sync, startedAtMs), afterAMinute()]),
    );
    const idle = await progress.step('while nothing changes', () => this.#whileNothingChanges(sync));
    const before = this.#known.handles;
    const changes = new Changes(this.#destinations.orgs, this.#known, (records) => this.#path.publish(records));
    const { figures, changed } = await trialFigures(changes, this.#effort(), this.#testbed);
    return {
      ...begun,
      ...idle,
      ...figures,
      recordsPerTeam: before / this.#teams,
      recordsPerChange: (this.#known.handles - before) / changed,
      rateLimitedAtFirst,
      rateLimitedLater: (await this.#rateLimited()) - rateLimitedAtFirst,
      syncMebibytesAtMost: mebibytesOf(sync.pid, 'height'),
      routingMebibytes: mebibytesOf(routing.pid),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#known.close(), this.#path.close()]);
  }

  async #untilComplete(sync: LocalProcess, startedAtMs: number): Promise<Figures> {
    const complete = await this.#known.untilComplete(this.#destinations.orgs.length, 15 * minuteMs);
    const seconds = complete.map((atMs) => (atMs - startedAtMs) / 1000);
    return {
      completeSeconds: Math.max(...seconds),
      completeSecondsMedian: median(seconds),
      completeCpuSeconds: cpuSeconds([sync.pid]) ?? Number.NaN,
    };
  }

  async #whileNothingChanges(sync: LocalProcess): Promise<Figures> {
    const { settleMs, idleMs } = this.#testbed.quick
      ? { settleMs: 10_000, idleMs: 30_000 }
      : { settleMs: 30_000, idleMs: 3 * minuteMs };
    await sleep(settleMs);
    const [calls, cpu, reports] = [await this.#destinations.calls(), cpuSeconds([sync.pid]), this.#known.reports];
    const sinceMs = nowMs();
    await sleep(idleMs);
    const seconds = (nowMs() - sinceMs) / 1000;
    const perMinute = callsBetween(calls, await this.#destinations.calls()).map((count) => (count * 60) / seconds);
    return {
      callsPerMinuteMedian: median(perMinute),
      callsPerMinute: Math.max(...perMinute),
      reportsPerSecond: (this.#known.reports - reports) / seconds,
      cpuShare: ((cpuSeconds([sync.pid]) ?? Number.NaN) - (cpu ?? Number.NaN)) / seconds,
      syncMebibytes: mebibytesOf(sync.pid),
    };
  }

  async #rateLimited(): Promise<number> {
    return [...(await this.#destinations.calls()).values()].reduce((sum, { rateLimited }) => sum + rateLimited, 0);
  }

  /** About a hundred changes of each kind, limited by what a destination allows: ten sync requests for unknown handles a minute. */
  #effort(): Effort {
    if (this.#testbed.quick) return { teamChanges: 3, overMs: 15_000 };
    return { teamChanges: Math.min(8, Math.max(2, Math.ceil(100 / this.#destinations.orgs.length))), overMs: minuteMs };
  }
}

const callsBetween = (before: ReadonlyMap<string, Calls>, after: ReadonlyMap<string, Calls>): number[] =>
  [...after].map(([org, { calls }]) => calls - (before.get(org)?.calls ?? 0));

const nameOf = (connections: number): string => `${connections.toLocaleString('en')} connections`;

/** Each round starts everything anew, because handle-sync must start without state. */
function contender(testbed: Testbed, connections: number): Contender {
  let round = 0;
  return {
    name: nameOf(connections),
    measure: async () => {
      round += 1;
      const apart = testbed.branch(`${connections}-${round}`);
      const world = await World.on(apart, connections);
      try {
        return await world.measure();
      } finally {
        await world.close();
        await apart.stop();
      }
    },
  };
}

const promptly: Goal = { atMost: 2 };
const goals: readonly (readonly [name: string, figure: string, goal: Goal])[] = [
  // 500 rules at 300 a minute take at least 100 s.
  ['complete from nothing, s', 'completeSeconds', { atMost: 130 }],
  ['calls a minute to one destination', 'callsPerMinute', { atMost: 60 }],
  ['429 answers after the first minute', 'rateLimitedLater', { atMost: 0 }],
  ['team made or renamed, unprompted, p99 s', 'unpromptedP99', { atMost: 90 }],
  ['team made or renamed, asked for by handle, p99 s', 'byHandleP99', promptly],
  ['team made or renamed, sync asked for, p99 s', 'bySyncP99', promptly],
  ['routing rules, unprompted, p99 s', 'rulesUnpromptedP99', { atMost: 720 }],
  ['routing rules, asked for by handle, p99 s', 'rulesByHandleP99', promptly],
  ['changes that stayed unknown', 'missed', { atMost: 0 }],
  ['handle-sync, MiB', 'syncMebibytes', { atMost: 400 }],
  ['handle-sync, share of a CPU', 'cpuShare', { atMost: 0.25 }],
  ['page-routing, MiB', 'routingMebibytes', { atMost: 350 }],
  ['records on paging.handles.v1 for each team', 'recordsPerTeam', { atMost: 1 }],
  ['records on paging.handles.v1 for each change', 'recordsPerChange', { atMost: 1 }],
  ['reports a second', 'reportsPerSecond', { atMost: 20 }],
];

const sizes = [100, 1_000, 10_000];

export const sync: Bench = {
  rounds: 1,
  findings: sizes.flatMap((connections): Finding[] =>
    goals.map(([name, figure, goal]) => ({
      name: `${nameOf(connections)}: ${name}`,
      figure,
      of: nameOf(connections),
      goal,
    })),
  ),
  prepare: async (testbed) => (testbed.quick ? sizes.slice(0, 1) : sizes).map((size) => contender(testbed, size)),
};
