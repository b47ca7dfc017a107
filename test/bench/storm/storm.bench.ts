import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Destination,
  freePort,
  type LocalProcess,
  Sandbox,
  type SandboxPage,
  startSandbox,
} from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { cpuSeconds, latencyFigures } from '../harness/statistics.ts';
import { type Bench, type Contender, type Figures, type Testbed, withResource } from '../harness/testbed.ts';
import { sentAtMs } from '../page-path/alerts.ts';
import { type Link, PagePath, teamIdOf } from '../page-path/page-path.ts';

export const polls = 'polls of 10,000 open pages';
const sourceOrg = 'polls';
const openPages = 10_000;
const modifiedEachRound = 1_000;
/** The default of ACK_POLL_SECONDS: nothing is scaled. */
const roundSeconds = 30;
/** Longer than a run: the first list after the start is the only one. */
const noPollSeconds = 3_600;
const fillPerSecond = 400;
// The start of a process, the first lists of all pages included, is over by then.
const settleSeconds = 20;

interface Polling {
  readonly path: PagePath;
  readonly destinations: readonly Destination[];
  readonly rounds: number;
  /** The pages that nobody has taken yet, of each destination in turn. */
  readonly untaken: { readonly controlUrl: string; readonly id: string }[];
}

/** Fills destinations with open pages by alerts. */
async function open(testbed: Testbed, orgs: Parameters<typeof startSandbox>[1] & object): Promise<Polling> {
  const { destinations, dataCenters } = await startSandbox(testbed.processes, orgs);
  const path = await PagePath.on(testbed, dataCenters);
  await path.connect(destinations.map((destination) => ({ ...destination, sourceOrg })));
  const [routing, delivery] = await Promise.all([path.start('page-routing'), path.start('page-delivery', 'filling')]);
  const teams = destinations.flatMap((destination) => destination.teams);
  const load = path.load(sourceOrg, teams);
  await load.publish({ count: openPages, perSecond: fillPerSecond });
  await waitFor(`${openPages} open pages`, async () => (await openIn(delivery)).all >= openPages, {
    withinMs: 120_000,
    everyMs: 1000,
  });
  await Promise.all([routing.stop(), delivery.stop()]);
  const pages = await Promise.all(
    destinations.map(async ({ controlUrl }) =>
      (await new Sandbox(controlUrl).pages()).map(({ id }, turn) => ({ controlUrl, id, turn })),
    ),
  );
  const untaken = pages.flat().toSorted((a, b) => a.turn - b.turn);
  return { path, destinations, rounds: testbed.quick ? 2 : 3, untaken };
}

/** Measures the CPU of page-delivery with polls and without, both in the same state. */
async function measure(polling: Polling): Promise<Figures> {
  const idle = await shareWith(polling, noPollSeconds);
  const polled = await shareWith(polling, roundSeconds);
  return {
    coreShare: polled.share - idle.share,
    withPolls: polled.share,
    withoutPolls: idle.share,
    taken: polled.taken,
  };
}

/** Takes pages in the destinations while page-delivery, apart from its polls, has nothing to do. */
async function shareWith({ path, rounds, untaken }: Polling, everySeconds: number) {
  const env = { ACK_POLL_SECONDS: String(everySeconds) };
  const delivery = await path.start('page-delivery', `polling-${everySeconds}`, env);
  await waitFor('the whole ledger in memory', async () => (await openIn(delivery)).all >= openPages, {
    withinMs: 120_000,
    everyMs: 500,
  });
  await sleep(settleSeconds * 1000);
  const before = await openIn(delivery);
  const [startedAt, usedBefore] = [performance.now(), cpuSeconds([delivery.pid]) ?? Number.NaN];
  const pauseMs = (roundSeconds * 1000) / modifiedEachRound;
  for (let n = 0; n < rounds * modifiedEachRound; n += 1) {
    // Without polls nobody learns of it, and the pages are needed later.
    const page = everySeconds === roundSeconds ? untaken.pop() : undefined;
    if (page) await new Sandbox(page.controlUrl).respond(page.id, 'acknowledge');
    await sleep(Math.max(0, startedAt + (n + 1) * pauseMs - performance.now()));
  }
  const used = (cpuSeconds([delivery.pid]) ?? Number.NaN) - usedBefore;
  const share = used / ((performance.now() - startedAt) / 1000);
  const taken = (await openIn(delivery)).acknowledged - before.acknowledged;
  await delivery.stop();
  return { share, taken };
}

async function openIn(delivery: LocalProcess) {
  const text = await (await fetch(`http://127.0.0.1:${delivery.spec.env?.MANAGEMENT_PORT}/metrics`)).text();
  const countOf = (acknowledged: boolean) =>
    Number(text.match(new RegExp(`^pagebridge_pages_open.*acknowledged="${acknowledged}".* (\\d+)$`, 'm'))?.[1] ?? 0);
  return { acknowledged: countOf(true), all: countOf(true) + countOf(false) };
}

/** Measures which share of a core polls take while responders take a tenth of the open pages in each round of polls. */
const pollsContender = (testbed: Testbed, orgs: Parameters<typeof open>[1]): Contender =>
  withResource(
    polls,
    () => open(testbed.branch('polls'), orgs),
    measure,
    ({ path }) => path.close(),
  );

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
