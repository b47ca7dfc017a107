import type { Bench, Contender, Figures, Finding, Goal, Testbed } from '../harness/testbed.ts';
import { beyond, drain, fill, fillTogether, firstCalls, others, restart, warmUp, whileItWaits } from './phases.ts';
import { closeWorld, type FloodSize, openWorld, type World } from './world.ts';

const usualPages = 300_000;
// The memory of a page of this benchmark, a little less than page-delivery estimates: further pages are beyond the limit.
const bytesOfPage = 1_700;
// The heap of the chart, with its settings.
const chart = { NODE_OPTIONS: '--max-old-space-size=1433', WAITING_MIB: '256', IDLE_ALERTS_MIB: '640' };
// The largest flood that a page-delivery of before that bound takes without pausing partitions.
const maxPagesBefore = 40_000;

const whole = 'a flood';
const part = 'a small flood';
const together = 'three orgs flood in Cyrillic';
const alone = 'first calls of a flood';
type Phases = (testbed: Testbed, world: World) => Promise<Figures>;

const measured: Phases = async (testbed, world) => {
  const step = <T>(title: string, work: () => Promise<T>) => testbed.progress.step(title, work);
  const { size } = world;
  await step('warming up', () => warmUp(world));
  const quiet = await step('another org, while nothing waits', () => others(world, 'quiet', 'warm'));
  const flooded = await step(`a flood of ${size.pages} pages`, () => fill(world));
  const during = await step('the other org, while the flood waits', () => whileItWaits(world));
  const refused = await step('further pages of the flooding org', () => beyond(world));
  const restarted = await step('page-delivery dies and starts', () => restart(world));
  const drained = await step('the destination is back', () => drain(world, refused.furtherPages));
  return {
    quietP50Ms: quiet.p50Ms,
    quietP99Ms: quiet.p99Ms,
    quietRecoveryP50Ms: quiet.recoveryP50Ms,
    quietRecoveryP99Ms: quiet.recoveryP99Ms,
    ...flooded,
    ...during,
    p99OverQuietMs: during.p99Ms - quiet.p99Ms,
    recoveryP99OverQuietMs: during.recoveryP99Ms - quiet.recoveryP99Ms,
    ...refused,
    ...restarted,
    ...drained,
    peakMebibytes: Math.max(restarted.beforeMebibytes, drained.afterMebibytes),
  };
};

const crowded: Phases = async (testbed, world) => {
  const flooded = await testbed.progress.step(together, () => fillTogether(world));
  const restarted = await testbed.progress.step('page-delivery dies and starts', () => restart(world));
  return { ...flooded, ...restarted, restartedMebibytes: world.delivery.mebibytes('height') };
};

const called: Phases = (testbed, world) => testbed.progress.step('the first calls of a flood', () => firstCalls(world));

/** Each round starts everything anew, because the pages of a flood stay in the ledger. */
function contender(testbed: Testbed, name: string, size: FloodSize, phases = measured): Contender {
  let round = 0;
  return {
    name,
    measure: async () => {
      round += 1;
      const apart = testbed.branch(`${name.replaceAll(' ', '-')}-${round}`);
      const world = await openWorld(apart, size);
      try {
        const { path, delivery } = world;
        await testbed.progress.step('starting page-routing and page-delivery', () =>
          Promise.all([path.start('page-routing'), delivery.start()]),
        );
        const figures = await phases(testbed, world);
        if (size.further > 0 && figures.furtherPages === 0) testbed.missing('WAITING_MIB: this page-delivery has none');
        return figures;
      } finally {
        await closeWorld(world);
        await apart.stop();
      }
    },
  };
}

const found = (of: string, name: string, figure: string, goal: Goal): Finding => ({ name, figure, of, goal });
const ofWhole = (name: string, figure: string, goal: Goal): Finding => found(whole, name, figure, goal);

const toPart = (name: string, figure: string, to: string, goal?: Goal): Finding => ({
  name: `${name} / with ${to}`,
  figure,
  of: whole,
  to,
  ...(goal && { goal }),
});

export const flood: Bench = {
  rounds: 1,
  findings: [
    ofWhole('pages of another org while the flood waits, p99 over quiet, ms', 'p99OverQuietMs', { atMost: 1000 }),
    ofWhole('its recoveries, p99 over quiet, ms', 'recoveryP99OverQuietMs', { atMost: 1000 }),
    ofWhole('first page of a third org, ms', 'firstPageMs', { atMost: 1000 }),
    ofWhole('memory of page-delivery at its peak, MiB', 'peakMebibytes', { atMost: 1024 }),
    ofWhole('kill and start, s', 'restartSeconds', { atMost: 60 }),
    ofWhole('further pages that become dead letters, share', 'deadLetterShare', { atLeast: 1 }),
    ofWhole('pages of another org meanwhile, p99 ms', 'beyondP99Ms', { atMost: 1000 }),
    ofWhole('alerts of the flood without page or dead letter', 'undelivered', { atMost: 0 }),
    found(together, 'pages of three floods that neither wait nor are dead letters', 'unaccounted', { atMost: 0 }),
    found(together, 'pages that waited and do not after kill and start', 'unrestored', { atMost: 0 }),
    found(together, 'kill and start under the heap of the chart, s', 'restartSeconds', { atMost: 60 }),
    found(alone, 'pages without a first call', 'uncalledPages', { atMost: 0 }),
    found(alone, 'CPU share while first calls run', 'firstCallsShare', { atMost: 0.2 }),
    found(alone, 'CPU share after them', 'afterFirstCallsShare', { atMost: 0.05 }),
    ...[part, `${part}, beside`].flatMap((to) => [
      toPart('pages a second when the destination is back', 'pagesPerSecond', to, { atLeast: 0.8 }),
      toPart('CPU time of such a page', 'drainCpuMicrosEach', to),
    ]),
  ],
  prepare: async (testbed) => {
    const { quick, checkout, pages = quick ? 20_000 : usualPages } = testbed;
    const pace = { count: quick ? 250 : 1_000, perSecond: 50 };
    const size = (count: number, further: number, env?: FloodSize['env']): FloodSize => {
      const waitingMib = Math.ceil((count * bytesOfPage) / 1024 / 1024);
      return { pages: count, further, others: pace, env: env ?? { WAITING_MIB: `${waitingMib}` } };
    };
    const all = contender(testbed, whole, size(pages, quick ? 1_000 : 5_000));
    const small = Math.min(pages, maxPagesBefore);
    const some = contender(testbed, part, size(small, 0, { WAITING_MIB: '1024' }));
    const crowd = contender(testbed, together, size(quick ? 20_000 : 70_000, 0, chart), crowded);
    const firsts = contender(testbed, alone, size(20_000, 0, chart), called);
    if (checkout !== undefined) return [some, firsts];
    return quick ? [all] : [all, some, crowd, firsts];
  },
};
