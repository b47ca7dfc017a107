import { join } from 'node:path';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import { cpuSeconds } from '../harness/cpu-time.ts';
import type { Ground } from '../harness/ground.ts';
import { latencyFigures } from '../harness/statistics.ts';
import { Load } from '../page-path/load.ts';
import type { Pace, Sent } from '../page-path/paced.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { alertmanagerPath, howToGetAlertmanager, startAlertmanager } from './alertmanager.ts';
import type { PostInput } from './programs/post-alerts.ts';

const postAlerts = join(import.meta.dirname, 'programs/post-alerts.ts');

const many = 'Pagebridge, 50 destinations';
const twice = 'Pagebridge, 50 destinations, 2 page-deliveries';
const one = 'Pagebridge, 1 destination';
const peer = 'Alertmanager, 1 receiver';

/** The processes whose CPU time is counted, by what a figure calls them. */
type Pids = Readonly<Record<string, readonly number[]>>;

const cpuOf = (pids: Pids): [string, number][] =>
  Object.entries(pids).flatMap(([name, of]): [string, number][] => {
    const seconds = cpuSeconds(of);
    return seconds === undefined ? [] : [[name, seconds]];
  });

/** What a page cost each process, and all of them. */
function cpuFigures(before: readonly [string, number][], after: readonly [string, number][], pages: number): Figures {
  const each = after.map(
    ([name, seconds], index) => [name, ((seconds - (before[index]?.[1] ?? 0)) * 1e6) / pages] as const,
  );
  if (each.length === 0) return {};
  const total = each.reduce((sum, [, micros]) => sum + micros, 0);
  return {
    cpuMicrosEach: total,
    ...Object.fromEntries(each.map(([name, micros]) => [`${name}CpuMicrosEach`, micros])),
  };
}

/** A burst and a steady load, sent by whoever can, measured at the receiver. */
class Loads {
  readonly #receiver: Receiver;
  readonly #warmUps: number;
  readonly #burst: number;
  readonly #steady: Pace;

  constructor(receiver: Receiver, quick: boolean) {
    this.#receiver = receiver;
    this.#warmUps = quick ? 0 : 3;
    this.#burst = quick ? 4_000 : 20_000;
    this.#steady = { count: quick ? 900 : 3_000, perSecond: 300 };
  }

  /** A fresh process, and a fresh broker, is slow for its first moments, and they run for weeks. Alertmanager is compiled. */
  async warmUp(load: Load): Promise<void> {
    for (let bursts = 0; bursts < this.#warmUps; bursts += 1) {
      await this.#take(load.publish({ count: this.#burst, perSecond: 0 }), this.#burst);
    }
  }

  /** The burst comes first: at a steady load, both have thousands of open alerts to keep in mind, as they do in earnest. */
  async measure(pids: Pids, send: (load: string, pace: Pace) => Promise<Sent>): Promise<Figures> {
    await this.#take(send('warm-up', { count: 1_000, perSecond: 500 }), 1_000);
    const before = cpuOf(pids);
    const burst = await this.#take(send('burst', { count: this.#burst, perSecond: 0 }), this.#burst);
    const after = cpuOf(pids);
    const burstSeconds = (burst.lastAtMs - burst.sent.firstSentAtMs) / 1000;
    const steady = await this.#take(send('steady', this.#steady), this.#steady.count);
    const { p50Ms, p99Ms } = latencyFigures(steady.latenciesMs);
    return {
      pagesPerSecond: this.#burst / burstSeconds,
      generatorPerSecond: this.#burst / burst.sent.seconds,
      ...cpuFigures(before, after, this.#burst),
      p50Ms,
      p99Ms,
      generatorLateP99Ms: steady.sent.lateP99Ms,
    };
  }

  async #take(sending: Promise<Sent>, count: number) {
    const [sent, received] = await Promise.all([sending, this.#receiver.take(count)]);
    return { sent, ...received };
  }
}

/** A contender for each number of destinations, by its name; all over the same services. */
async function pagebridge(
  ground: Ground,
  receiver: Receiver,
  loads: Loads,
  deliveries: readonly string[],
  contenders: Readonly<Record<string, number>>,
): Promise<Contender[]> {
  const path = await PagePath.on(ground, receiver.dataCenters);
  const links = receiver.linksOf('acme');
  await path.connect(links);
  const [routing, ...delivering] = await ground.progress.step(
    `starting page-routing and ${deliveries.join(', ')}`,
    () => Promise.all([path.start('page-routing'), ...deliveries.map((name) => path.start('page-delivery', name))]),
  );
  const pids: Pids = {
    routing: [routing.pid],
    delivery: delivering.map(({ pid }) => pid),
    broker: [await ground.kafkaPid()],
  };
  const loadOf = (destinations: number) => {
    const teams = links.slice(0, destinations).flatMap((link) => link.teams);
    return new Load(ground, { brokers: path.brokers, sourceOrg: 'acme', teams });
  };
  await ground.progress.step('warming up', () => loads.warmUp(loadOf(links.length)));
  return Object.entries(contenders).map(([name, destinations]): Contender => {
    const load = loadOf(destinations);
    const measure = () => loads.measure(pids, (_load, pace) => load.publish(pace));
    return { name, measure, close: path.close };
  });
}

function alertmanager(ground: Ground, receiver: Receiver, loads: Loads, command: string): Contender {
  const measure = async () => {
    // A new one each time: it keeps every alert, and its timers, for hours.
    const { url, process } = await startAlertmanager(ground, command, receiver.webhookUrl);
    const figures = await loads.measure({ alertmanager: [process.pid] }, (load, pace) => {
      const input: PostInput = { url, monitor: load, ...pace };
      return ground.run<Sent>(postAlerts, input);
    });
    await process.stop();
    return figures;
  };
  return { name: peer, measure };
}

export const endToEnd: Bench = {
  rounds: 5,
  findings: [
    {
      name: 'pages a second in a burst, Pagebridge over 50 destinations / Alertmanager',
      figure: 'pagesPerSecond',
      of: many,
      to: peer,
      goal: { atLeast: 2 },
    },
    {
      name: 'the same with two page-deliveries / Alertmanager',
      figure: 'pagesPerSecond',
      of: twice,
      to: peer,
      goal: { atLeast: 2 },
    },
    {
      name: 'p99 at 300/s, Pagebridge over 50 destinations / Alertmanager',
      figure: 'p99Ms',
      of: many,
      to: peer,
      goal: { atMost: 0.1 },
    },
    {
      name: 'pages a second in a burst, Pagebridge over 1 destination / Alertmanager',
      figure: 'pagesPerSecond',
      of: one,
      to: peer,
    },
    { name: 'p99 at 300/s, Pagebridge over 1 destination / Alertmanager', figure: 'p99Ms', of: one, to: peer },
    {
      name: 'CPU time a page in a burst, Pagebridge with its broker / Alertmanager',
      figure: 'cpuMicrosEach',
      of: many,
      to: peer,
    },
  ],
  prepare: async (ground) => {
    const receiver = await Receiver.start(ground, 50);
    const loads = new Loads(receiver, ground.quick);
    const two = ground.branch('two-deliveries');
    const contenders = [
      ...(await pagebridge(ground, receiver, loads, ['page-delivery'], { [many]: 50, [one]: 1 })),
      ...(await pagebridge(two, receiver, loads, ['page-delivery-1', 'page-delivery-2'], { [twice]: 50 })),
    ];
    const command = alertmanagerPath();
    if (command) return [...contenders, alertmanager(ground, receiver, loads, command)];
    ground.missing(howToGetAlertmanager);
    return contenders;
  },
};
