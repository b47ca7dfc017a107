import { setTimeout as sleep } from 'node:timers/promises';
import { latencyFigures, middleRate } from '../harness/statistics.ts';
import { nowMs } from '../page-path/alerts.ts';
import { untilStill } from './until-still.ts';
import type { World } from './world.ts';

// Of the message of an alert of the flood.
const characters = 1000;
const furtherPerSecond = 500;
const onePage = { count: 1, perSecond: 1 };

// How long a count may stand still before a phase goes on with what has arrived.
const waits = {
  fill: { stillMs: 20_000, everyMs: 1000 },
  firstCalls: { stillMs: 60_000, everyMs: 1000 },
  refuse: { stillMs: 10_000 },
  restart: { stillMs: 90_000 },
  // A destination that was down is called again within a minute.
  drain: { stillMs: 90_000, everyMs: 500 },
};

const secondsSince = (atMs: number): number => (nowMs() - atMs) / 1000;

/** Pages and recoveries, so that the phases that are compared find all code compiled; those of `warm` stay open. */
export async function warmUp({ other, size }: World) {
  const pace = { ...size.others, perSecond: 200 };
  await other.fire('cold', pace);
  await Promise.all([other.fire('warm', pace), other.recover('cold', pace)]);
}

/** Pages of another org, named `monitor`, and recoveries of the pages of an earlier phase. */
export async function others({ other, size }: World, monitor: string, earlier: string) {
  const [pages, recoveries] = await Promise.all([
    other.fire(monitor, size.others),
    other.recover(earlier, size.others),
  ]);
  const [page, recovery] = [latencyFigures(pages.ms), latencyFigures(recoveries.ms)];
  return {
    p50Ms: page.p50Ms,
    p99Ms: page.p99Ms,
    recoveryP50Ms: recovery.p50Ms,
    recoveryP99Ms: recovery.p99Ms,
    missing: pages.missing + recoveries.missing,
    generatorLateP99Ms: Math.max(pages.generatorLateP99Ms, recoveries.generatorLateP99Ms),
  };
}

/** The flood comes all at once, until all of it waits or is beyond the limit, or no more comes in. */
export async function fill(world: World) {
  const { destinations, flooding, size } = world;
  await destinations.goDown();
  const startedAt = nowMs();
  await flooding.publish({ count: size.pages, perSecond: 0 }, { monitor: 'flood', characters });
  return { ...(await accounted(world, size.pages)), floodSeconds: secondsSince(startedAt) };
}

async function accounted({ delivery, deadLetters }: World, alerts: number) {
  let waitingPages = 0;
  const known = async () => {
    waitingPages = await delivery.waiting();
    return waitingPages + deadLetters.count('too-many-waiting');
  };
  const unaccounted = alerts - (await untilStill(known, alerts, waits.fill));
  return { waitingPages, unaccounted };
}

/** Three orgs flood at once, in a language whose letters take two bytes each, until all pages wait or are dead letters. */
export async function fillTogether(world: World) {
  const { destinations, floods, delivery, size } = world;
  await destinations.goDown();
  const startedAt = nowMs();
  const subject = 'Высокое потребление памяти на серверах расчётной системы';
  await Promise.all(
    floods.map((flood, n) => flood.publish({ count: size.pages, perSecond: 0 }, { monitor: `flood-${n}`, subject })),
  );
  return {
    ...(await accounted(world, floods.length * size.pages)),
    floodSeconds: secondsSince(startedAt),
    peakMebibytes: delivery.mebibytes('height'),
  };
}

/** The share of a core that page-delivery takes for a flood alone, while first calls run and after the last of them. */
export async function firstCalls({ destinations, flooding, delivery, size }: World) {
  await destinations.goDown();
  await flooding.publish({ count: size.pages, perSecond: 0 }, { monitor: 'flood' });
  const called = (enough: number) =>
    untilStill(async () => (await destinations.counts('flood')).refused, enough, waits.firstCalls);
  const share = async () => {
    const [startedAt, before] = [nowMs(), delivery.cpuSeconds()];
    await sleep(20_000);
    return (delivery.cpuSeconds() - before) / secondsSince(startedAt);
  };
  // Not while the commands are read.
  await called(size.pages / 4);
  const firstCallsShare = await share();
  const calledPages = await called(size.pages);
  await sleep(5000);
  return { firstCallsShare, uncalledPages: size.pages - calledPages, afterFirstCallsShare: await share() };
}

/** Another org, and one that pages for the first time, while the flood waits. */
export async function whileItWaits(world: World) {
  const { delivery, newcomer } = world;
  const [startedAt, cpuBefore] = [nowMs(), delivery.cpuSeconds()];
  const figures = await others(world, 'waiting', 'quiet');
  const cpuShare = (delivery.cpuSeconds() - cpuBefore) / secondsSince(startedAt);
  const pausedPartitions = await delivery.pausedPartitions();
  const { ms } = await newcomer.fire('first', onePage);
  return {
    ...figures,
    firstPageMs: Math.max(...ms),
    cpuShare,
    waitingMebibytes: delivery.mebibytes(),
    ...(pausedPartitions === undefined ? {} : { pausedPartitions }),
  };
}

/** Further pages of the flooding org, which become dead letters, beside those of another org. */
export async function beyond({ delivery, flooding, other, deadLetters, size }: World) {
  if (size.further === 0 || !(await delivery.boundsPages())) return { furtherPages: 0 };
  const before = deadLetters.count('too-many-waiting');
  const parked = () => deadLetters.count('too-many-waiting') - before;
  const seconds = size.further / furtherPerSecond;
  const refusing = async () => {
    const pace = { count: size.further, perSecond: furtherPerSecond };
    const { firstSentAtMs } = await flooding.publish(pace, { monitor: 'further', characters });
    await untilStill(async () => parked(), size.further, waits.refuse);
    return secondsSince(firstSentAtMs) - seconds;
  };
  const { perSecond } = size.others;
  const [deadLettersAfterSeconds, { ms }] = await Promise.all([
    refusing(),
    other.fire('beyond', { count: seconds * perSecond, perSecond }),
  ]);
  return {
    furtherPages: size.further,
    deadLetterShare: parked() / size.further,
    deadLettersAfterSeconds,
    beyondP99Ms: latencyFigures(ms).p99Ms,
  };
}

/** A crash and a start, until the service is ready, all pages wait again, and a new page of another org is delivered. */
export async function restart({ delivery, other }: World) {
  const waiting = await delivery.waiting();
  const beforeMebibytes = delivery.mebibytes('height');
  await delivery.crash();
  const startedAt = nowMs();
  const elapsed = () => secondsSince(startedAt);
  const starting = async () => {
    await delivery.start();
    const readySeconds = elapsed();
    const unrestored = waiting - (await untilStill(() => delivery.waiting(), waiting, waits.restart));
    return { readySeconds, restoredSeconds: elapsed(), unrestored };
  };
  const [started, restartPageSeconds] = await Promise.all([
    starting(),
    other.fire('restart', onePage, waits.restart.stillMs).then(elapsed),
  ]);
  return { ...started, restartPageSeconds, restartSeconds: elapsed(), beforeMebibytes };
}

/** The destination is back, until all alerts of the flooding org are pages or dead letters, or no more become so. */
export async function drain({ destinations, delivery, deadLetters, size }: World, furtherPages: number) {
  const cpuBefore = delivery.cpuSeconds();
  await destinations.comeBack();
  const ended = async () => {
    const [waited, further] = await Promise.all([destinations.counts('flood'), destinations.counts('further')]);
    return waited.created + further.created + deadLetters.total;
  };
  const alerts = size.pages + furtherPages;
  const undelivered = alerts - (await untilStill(ended, alerts, waits.drain));
  const cpu = delivery.cpuSeconds() - cpuBefore;
  const delivered = await destinations.times('flood', 'created');
  return {
    ...(delivered.size > 0 && {
      pagesPerSecond: middleRate([...delivered.values()]),
      drainCpuMicrosEach: (cpu * 1e6) / delivered.size,
    }),
    undelivered,
    repeatedPages: (await destinations.counts('flood')).repeated,
    drainedMebibytes: delivery.mebibytes(),
    afterMebibytes: delivery.mebibytes('height'),
  };
}
