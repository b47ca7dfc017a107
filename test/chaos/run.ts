import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, type Progress } from '@pagebridge/local-stack';
import { type Audit, audit, isClean } from './audit/audit.ts';
import type { History } from './audit/history.ts';
import { ChaosStack } from './chaos-stack.ts';
import { Collector } from './collect.ts';
import { keepFailures } from './failures.ts';
import type { Scene } from './faults/fault.ts';
import { letFaultsHappen } from './faults/schedule.ts';
import { connectAll } from './links.ts';
import { Load } from './load.ts';
import { mutantNamed, mutantOf } from './mutants.ts';
import { untilQuiet } from './quiet.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import { Seeded } from './seed.ts';
import { destinationsOf, type Link, sourceOrgs, type Team, teamsOf } from './world.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly alertsPerSecond: number;
  /** Parts of the names of the faults that may happen; all where there is none. */
  readonly kinds: readonly string[];
  readonly mutant?: string;
}

/** The load goes on after the last fault, so that recovery from it can be seen. */
const loadAfterFaultsMs = 8_000;

/** One chaos run: everything up, load and faults, everything healed, quiet, audit. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #progress: Progress;
  readonly #stack: ChaosStack;
  readonly #random: Seeded;
  readonly #started = performance.now();

  constructor(options: ChaosOptions, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
    this.#random = new Seeded(options.seed);
    this.#stack = new ChaosStack(progress, options.mutant === undefined ? undefined : mutantOf(options.mutant));
  }

  /** Prints the line; resolves with the exit code. */
  async play(stopping: AbortSignal): Promise<number> {
    await this.#stack.start();
    const links = await this.#progress.step('connecting two source orgs', () => connectAll(this.#stack));
    const teams = teamsOf(this.#stack.destinations);
    const load = new Load({
      brokers: this.#stack.bootstrap,
      random: this.#random.fork(),
      perSecond: this.#options.alertsPerSecond,
      teams: new Map(sourceOrgs.map((org) => [org, this.#within(org, teams)])),
    });
    const scene = this.#scene(links, teams, stopping);
    const faults = await this.#endure(load, scene, stopping);
    this.#say(`healed, after ${Object.values(faults).reduce((sum, count) => sum + count, 0)} faults`);
    const history = await this.#history(load, stopping);
    return this.#report(audit(history), history, faults, recoveryOf(scene.kills, history));
  }

  stop = (): Promise<void> => this.#stack.stop();
  kill = (): void => this.#stack.kill();

  #within(sourceOrg: string, teams: readonly Team[]): Team[] {
    const own = destinationsOf(sourceOrg, this.#stack.destinations);
    return teams.filter(({ destination }) => own.includes(destination));
  }

  async #endure(load: Load, scene: Scene & { readonly ends: AbortSignal }, stopping: AbortSignal) {
    await load.start();
    const loadEnds = new AbortController();
    const loading = load.run(loadEnds.signal);
    try {
      const faults = await letFaultsHappen(scene, this.#options.kinds, scene.ends);
      await Promise.all(this.#stack.members.map((member) => member.start()));
      await this.#pauseFor(loadAfterFaultsMs, stopping);
      return faults;
    } finally {
      loadEnds.abort();
      await loading;
    }
  }

  async #history(load: Load, stopping: AbortSignal): Promise<History> {
    const collector = new Collector(this.#stack.bootstrap, this.#stack.destinations);
    await collector.start();
    const history = await untilQuiet(collector, () => load.sent(), this.#say, stopping);
    await collector.stop();
    return history;
  }

  #scene(links: readonly Link[], teams: readonly Team[], stopping: AbortSignal): Scene & { ends: AbortSignal } {
    const ends = AbortSignal.any([stopping, AbortSignal.timeout(this.#options.minutes * 60_000)]);
    const pause = (ms: number) => this.#pauseFor(ms, ends);
    const random = this.#random.fork();
    return { stack: this.#stack, random, links, teams, kills: [], busy: new Set(), pause, ends, say: this.#say };
  }

  #pauseFor(ms: number, until: AbortSignal): Promise<void> {
    if (until.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    until.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    return promise;
  }

  #say = (line: string): void => {
    const at = ((performance.now() - this.#started) / 1000).toFixed(1);
    this.#progress.say(`${at.padStart(6)} s  ${line}`);
  };

  #report(found: Audit, history: History, faults: Readonly<Record<string, number>>, recovery: Recovery): number {
    const { seed, minutes, mutant } = this.#options;
    const { findings, ...counts } = found;
    const folder = join(localFolder, 'chaos', String(seed));
    rmSync(folder, { recursive: true, force: true });
    if (!isClean(found)) {
      for (const { verdict, rule, key, id, detail } of findings
        .filter((it) => it.verdict !== 'duplicateTagged')
        .slice(0, 20))
        this.#say(`${verdict} (${rule}) ${key} ${id}: ${detail}`);
      this.#say(`traces: ${keepFailures(folder, this.#stack.folder.logs, found, history)}`);
    }
    const endedByThemselves = this.#stack.members.flatMap(({ name, obituaries }) => obituaries.map(() => name));
    for (const member of this.#stack.members) for (const obituary of member.obituaries) this.#say(obituary);
    const line = {
      seed,
      minutes,
      ...(mutant === undefined ? {} : { mutant, caught: counts[mutantNamed(mutant).breaks] > 0 }),
      ...counts,
      faultCount: Object.values(faults).reduce((sum, count) => sum + count, 0),
      faults,
      recoveryMs: recovery,
      endedByThemselves,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return isClean(found) ? 0 : 1;
  }
}
