import { join } from 'node:path';
import { answersOk, createAllTopics, freePort } from '@pagebridge/local-stack';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import { cpuSeconds } from '../harness/cpu-time.ts';
import type { Ground } from '../harness/ground.ts';
import { latencyFigures } from '../harness/statistics.ts';
import { Load } from '../page-path/load.ts';
import type { Pace, Sent } from '../page-path/paced.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { alertmanagerPath, howToGetAlertmanager, startAlertmanager } from './alertmanager.ts';
import type { BareInput } from './programs/bare-trips.ts';
import type { PostInput } from './programs/post-alerts.ts';

const bareTrips = join(import.meta.dirname, 'programs/bare-trips.ts');
const postAlerts = join(import.meta.dirname, 'programs/post-alerts.ts');

const many = 'Pagebridge, 50 destinations';
const twice = 'Pagebridge, 50 destinations, 2 page-deliveries';
const one = 'Pagebridge, 1 destination';
const bare = 'the bare trips, 50 destinations, 2 processes';
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

/** Whoever sends alerts: no two calls, of no two of these, fire the same. */
interface Source {
  publish(pace: Pace): Promise<Sent>;
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

  /** Both run for weeks: what is compiled as it runs has been compiled by then, and thousands of alerts are open. */
  async warmUp(source: Source): Promise<void> {
    for (let bursts = 0; bursts < this.#warmUps; bursts += 1) {
      await this.#take(source.publish({ count: this.#burst, perSecond: 0 }), this.#burst);
    }
  }

  /** The burst comes first: at a steady load, both have its alerts to keep in mind. */
  async measure(pids: Pids, source: Source): Promise<Figures> {
    await this.#take(source.publish({ count: 1_000, perSecond: 500 }), 1_000);
    const before = cpuOf(pids);
    const burst = await this.#take(source.publish({ count: this.#burst, perSecond: 0 }), this.#burst);
    const after = cpuOf(pids);
    const burstSeconds = (burst.lastAtMs - burst.sent.firstSentAtMs) / 1000;
    const steady = await this.#take(source.publish(this.#steady), this.#steady.count);
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

/** The services over a broker, started when the first of their contenders is to be measured. */
class Pagebridge {
  readonly #ground: Ground;
  readonly #receiver: Receiver;
  readonly #loads: Loads;
  readonly #deliveries: readonly string[];
  #parts: Promise<{ path: PagePath; pids: Pids }> | undefined;

  constructor(ground: Ground, receiver: Receiver, loads: Loads, deliveries: readonly string[]) {
    this.#ground = ground;
    this.#receiver = receiver;
    this.#loads = loads;
    this.#deliveries = deliveries;
  }

  contender(name: string, destinations: number): Contender {
    let load: Load | undefined;
    return {
      name,
      open: async () => {
        this.#parts ??= this.#start();
        load = this.#loadTo((await this.#parts).path, destinations);
      },
      measure: async () => {
        if (!this.#parts || !load) throw new Error('not opened');
        return this.#loads.measure((await this.#parts).pids, load);
      },
      close: async () => (await this.#parts)?.path.close(),
    };
  }

  async #start(): Promise<{ path: PagePath; pids: Pids }> {
    const path = await PagePath.on(this.#ground, this.#receiver.dataCenters);
    const links = this.#receiver.linksOf('acme');
    await path.connect(links);
    const [routing, ...delivering] = await this.#ground.progress.step(
      `starting page-routing and ${this.#deliveries.join(', ')}`,
      () =>
        Promise.all([path.start('page-routing'), ...this.#deliveries.map((name) => path.start('page-delivery', name))]),
    );
    const pids: Pids = {
      routing: [routing.pid],
      delivery: delivering.map(({ pid }) => pid),
      broker: [await this.#ground.kafkaPid()],
    };
    await this.#ground.progress.step('warming up', () => this.#loads.warmUp(this.#loadTo(path, links.length)));
    return { path, pids };
  }

  #loadTo(path: PagePath, destinations: number): Load {
    const links = this.#receiver.linksOf('acme').slice(0, destinations);
    return new Load(this.#ground, {
      brokers: path.brokers,
      sourceOrg: 'acme',
      teams: links.flatMap((link) => link.teams),
    });
  }
}

/** Posts alerts to an Alertmanager from a process of its own. */
function postsTo(ground: Ground, url: string): Source {
  let count = 0;
  return {
    publish: (pace) => {
      count += 1;
      const input: PostInput = { url, monitor: `posted-${count}`, ...pace };
      return ground.run<Sent>(postAlerts, input);
    },
  };
}

/** One that goes on from round to round with every alert that it was sent, as Pagebridge does. */
function alertmanager(ground: Ground, receiver: Receiver, loads: Loads, command: string): Contender {
  let parts: { source: Source; pids: Pids } | undefined;
  return {
    name: peer,
    open: async () => {
      const { url, process } = await startAlertmanager(ground, command, receiver.webhookUrl);
      const source = postsTo(ground, url);
      await ground.progress.step('warming up Alertmanager', () => loads.warmUp(source));
      parts = { source, pids: { alertmanager: [process.pid] } };
    },
    measure: () => {
      if (!parts) throw new Error('not opened');
      return loads.measure(parts.pids, parts.source);
    },
  };
}

/** What the trips of a page cost at least over the same libraries, see its program. */
function bareTripsOf(ground: Ground, receiver: Receiver, loads: Loads): Contender {
  let parts: { source: Source; pids: Pids } | undefined;
  return {
    name: bare,
    open: async () => {
      const brokers = await ground.kafka();
      await createAllTopics(brokers);
      const input: BareInput = { brokers, urls: receiver.dataCenters.map(({ pagingUrl }) => pagingUrl) };
      const processes = await Promise.all(
        ['bare-trips-1', 'bare-trips-2'].map(async (name) => {
          const controlPort = await freePort();
          const args = [bareTrips, JSON.stringify({ ...input, controlPort })];
          const ready = () => answersOk(`http://127.0.0.1:${controlPort}`);
          return ground.startMeasured({ name, command: process.execPath, args, layer: 3, ready });
        }),
      );
      const source = new Load(ground, { brokers, sourceOrg: 'acme', teams: ['core'] });
      await ground.progress.step('warming up', () => loads.warmUp(source));
      parts = { source, pids: { delivery: processes.map(({ pid }) => pid), broker: [await ground.kafkaPid()] } };
    },
    measure: () => {
      if (!parts) throw new Error('not opened');
      return loads.measure(parts.pids, parts.source);
    },
  };
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
      name: 'pages a second in a burst, the bare trips / Alertmanager',
      figure: 'pagesPerSecond',
      of: bare,
      to: peer,
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
    const alone = new Pagebridge(ground, receiver, loads, ['page-delivery']);
    const two = new Pagebridge(ground.branch('two-deliveries'), receiver, loads, [
      'page-delivery-1',
      'page-delivery-2',
    ]);
    const contenders = [alone.contender(many, 50), alone.contender(one, 1), two.contender(twice, 50)];
    const command = alertmanagerPath();
    if (!command) {
      ground.missing(howToGetAlertmanager);
      return contenders;
    }
    contenders.push(alertmanager(ground, receiver, loads, command));
    if (!ground.quick) contenders.push(bareTripsOf(ground.branch('bare-trips'), receiver, loads));
    return contenders;
  },
};
