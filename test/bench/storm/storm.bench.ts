import { type Destination, freePort, Sandbox, type SandboxPage, startSandbox } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { sentAtMs } from '../page-path/alerts.ts';
import { PagePath } from '../page-path/page-path.ts';
import { type Link, teamIdOf } from '../page-path/world.ts';
import { polls, pollsContender } from './polls.ts';

const perSecond = 600;
const destinationCount = 50;
/** The faults of the first destinations in a storm with dead ones; the others are healthy in every storm. */
const deaths = ['refuses connections', 'refuses connections', 'hangs', 'hangs', 'answers 503'] as const;

/** Alert storms over fifty destinations, measured by the latency of the healthy ones. */
class Storms {
  readonly #testbed: Testbed;
  readonly #path: PagePath;
  readonly #destinations: readonly Destination[];
  readonly #pages: number;

  static async on(testbed: Testbed): Promise<Storms> {
    const { destinations, dataCenters } = await testbed.progress.step('starting fifty destinations', () =>
      startSandbox(testbed.processes, orgs()),
    );
    // A free port on which nobody listens: calls are refused.
    const pagingUrl = `http://127.0.0.1:${await freePort()}`;
    const closed = dataCenters.map((dataCenter, index) => ({ ...dataCenter, name: closedOf(index), pagingUrl }));
    const path = await PagePath.on(testbed, [...dataCenters, ...closed.slice(0, deaths.length)]);
    const storms = new Storms(testbed, path, destinations);
    await storms.#start();
    return storms;
  }

  private constructor(testbed: Testbed, path: PagePath, destinations: readonly Destination[]) {
    this.#testbed = testbed;
    this.#path = path;
    this.#destinations = destinations;
    this.#pages = (testbed.quick ? 3 : 10) * perSecond;
  }

  /** Returns a contender with a new source org in each round, so that no page of an earlier storm is joined or waited for. */
  contender(name: string, withDead: boolean): Contender {
    let round = 0;
    return {
      name,
      measure: () => {
        round += 1;
        return withDead
          ? this.#withDead(sourceOrgOf('dead', round))
          : this.#storm(sourceOrgOf('well', round), this.#pages);
      },
    };
  }

  close = (): Promise<void> => this.#path.close();

  async #start(): Promise<void> {
    const rounds = Array.from({ length: this.#testbed.rounds }, (_, index) => index + 1);
    await this.#path.connect([
      ...this.#linksOf('storm-warm-up'),
      ...rounds.flatMap((round) => this.#linksOf(sourceOrgOf('well', round))),
      ...rounds.flatMap((round) => this.#linksWithClosed(sourceOrgOf('dead', round))),
    ]);
    await this.#testbed.progress.step('starting page-routing and page-delivery', () =>
      Promise.all([this.#path.start('page-routing'), this.#path.start('page-delivery')]),
    );
    await this.#testbed.progress.step('warming up', () => this.#storm('storm-warm-up', 2 * perSecond));
  }

  async #withDead(sourceOrg: string): Promise<Figures> {
    const afflicted = this.#destinations.slice(0, deaths.length);
    await Promise.all(afflicted.map((destination, index) => afflict(destination, deaths[index])));
    try {
      return await this.#storm(sourceOrg, this.#pages);
    } finally {
      await Promise.all(afflicted.map(({ controlUrl }) => new Sandbox(controlUrl).recover()));
      await this.#path.disconnect(this.#linksWithClosed(sourceOrg).slice(0, deaths.length));
    }
  }

  async #storm(sourceOrg: string, count: number): Promise<Figures> {
    const teams = this.#destinations.flatMap((destination) => destination.teams);
    const load = this.#path.load(sourceOrg, teams);
    const { lateP99Ms } = await load.publish({ count, perSecond });
    const healthy = this.#destinations.slice(deaths.length);
    const expected = (count / destinationCount) * healthy.length;
    let latencies: number[] = [];
    await waitFor(
      `${expected} pages in ${healthy.length} healthy destinations`,
      async () => {
        latencies = (await Promise.all(healthy.map((destination) => latenciesIn(destination, sourceOrg)))).flat();
        return latencies.length >= expected;
      },
      { withinMs: 60_000, everyMs: 1000, lastSeen: () => latencies.length },
    );
    return { pages: latencies.length, ...latencyFigures(latencies), generatorLateP99Ms: lateP99Ms };
  }

  #linksOf = (sourceOrg: string): Link[] => this.#destinations.map((destination) => ({ ...destination, sourceOrg }));

  /** Like `#linksOf`, but links with refused connections point to the closed port. */
  #linksWithClosed = (sourceOrg: string): Link[] =>
    this.#linksOf(sourceOrg).map((link, index) =>
      deaths[index] === 'refuses connections' ? { ...link, dataCenter: closedOf(index) } : link,
    );
}

const nameOf = (index: number) => `d${String(index + 1).padStart(2, '0')}`;
const closedOf = (index: number) => `CLOSED-${index + 1}`;
const sourceOrgOf = (kind: 'well' | 'dead', round: number) => `storm-${kind}-${round}`;

function orgOf(index: number) {
  const team = `${nameOf(index)}-core`;
  return { org: nameOf(index), dataCenter: nameOf(index).toUpperCase(), teams: [{ handle: team, id: teamIdOf(team) }] };
}

const orgs = () => Array.from({ length: destinationCount }, (_, index) => orgOf(index));

async function afflict({ controlUrl }: Destination, death: (typeof deaths)[number] | undefined): Promise<void> {
  const sandbox = new Sandbox(controlUrl);
  if (death === 'hangs') await sandbox.switchOn({ match: { listener: 'paging' }, fault: { kind: 'hang' } });
  if (death === 'answers 503') await sandbox.answerPagesWith(503);
}

async function latenciesIn({ controlUrl }: Destination, sourceOrg: string): Promise<number[]> {
  const isOfThisStorm = ({ tags }: SandboxPage) => tags.includes(`source-org:${sourceOrg}`);
  const pages = (await new Sandbox(controlUrl).pages()).filter(isOfThisStorm);
  return pages.map(({ title, createdAt }) => Date.parse(createdAt) - sentAtMs(title));
}

export const storm: Bench = {
  rounds: 3,
  findings: [
    {
      name: 'p99 of the 45 healthy, 5 of 50 dead / none dead',
      figure: 'p99Ms',
      of: '5 of 50 dead',
      to: 'none dead',
      goal: { atMost: 1.2 },
    },
    {
      name: 'share of a core that polls take, of 10,000 open pages in 50 destinations, 1,000 taken in each 30 s',
      figure: 'coreShare',
      of: polls,
      goal: { atMost: 0.05 },
    },
  ],
  prepare: async (testbed) => {
    const storms = await Storms.on(testbed);
    return [
      storms.contender('none dead', false),
      { ...storms.contender('5 of 50 dead', true), close: storms.close },
      pollsContender(testbed, orgs()),
    ];
  },
};
