import { setTimeout as sleep } from 'node:timers/promises';
import { type Destination, type LocalProcess, Sandbox, startSandbox } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { type Contender, type Figures, withResource } from '../harness/bench.ts';
import { cpuSeconds } from '../harness/cpu-time.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';

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
export const pollsContender = (testbed: Testbed, orgs: Parameters<typeof open>[1]): Contender =>
  withResource(
    polls,
    () => open(testbed.branch('polls'), orgs),
    measure,
    ({ path }) => path.close(),
  );
