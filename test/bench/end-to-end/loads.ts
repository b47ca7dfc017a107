import { cpuSeconds, latencyFigures } from '../harness/statistics.ts';
import { type Contender, type Figures, withResource } from '../harness/testbed.ts';
import type { Pace, Sent } from '../page-path/paced.ts';
import type { Receiver } from '../page-path/page-path.ts';

/** A sender of alerts. Each call, of any sender, fires new alerts. */
export interface Source {
  publish(pace: Pace): Promise<Sent>;
}

/** The processes whose CPU time is counted, by the name in their figure. */
type Pids = Readonly<Record<string, readonly number[]>>;

/** A started system that turns alerts into pages. */
export interface Started {
  readonly source: Source;
  readonly pids: Pids;
  readonly close?: () => Promise<void>;
}

/** A burst and a steady load, measured at the receiver. */
export class Loads {
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

  contender(name: string, start: () => Promise<Started>): Contender {
    return withResource(
      name,
      start,
      (started) => this.#measure(started),
      async ({ close }) => close?.(),
    );
  }

  /** Warms up like a system that has run for weeks: its code is compiled, and thousands of alerts are open. */
  async warmUp(source: Source): Promise<void> {
    for (let bursts = 0; bursts < this.#warmUps; bursts += 1) {
      await this.#take(source.publish({ count: this.#burst, perSecond: 0 }), this.#burst);
    }
  }

  /** The burst comes first, so that at the steady load every system has its alerts in memory. */
  async #measure({ source, pids }: Started): Promise<Figures> {
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

const cpuOf = (pids: Pids): [string, number][] =>
  Object.entries(pids).flatMap(([name, of]): [string, number][] => {
    const seconds = cpuSeconds(of);
    return seconds === undefined ? [] : [[name, seconds]];
  });

/** Returns the CPU time of a page for each process, and in total. */
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
