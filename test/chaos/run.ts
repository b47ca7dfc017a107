import type { Progress } from '@pagebridge/local-stack';
import { audit, isClean } from './audit/audit.ts';
import type { History } from './audit/history.ts';
import { ChaosStack } from './chaos-stack.ts';
import { Collector } from './collect.ts';
import type { Need, Scene } from './faults/fault.ts';
import { letFaultsHappen } from './faults/schedule.ts';
import { connectAll } from './links.ts';
import { Load } from './load.ts';
import { mutantNamed, mutantOf } from './mutants.ts';
import type { ChaosOptions } from './options.ts';
import { profiles } from './profile.ts';
import { untilQuiet } from './quiet.ts';
import { recoveryOf } from './recovery.ts';
import { type Found, lineOf, tellFailures } from './report.ts';
import { Seeded } from './seed.ts';
import { destinationsOf, type Link, sourceOrgs, type Team, teamsOf } from './world.ts';

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
    const deliveryScript = options.mutant === undefined ? undefined : mutantOf(options.mutant);
    this.#stack = new ChaosStack({ profile: profiles[options.profile], progress, deliveryScript });
  }

  /** Prints the line; resolves with the exit code. */
  async play(stopping: AbortSignal): Promise<number> {
    await this.#stack.start();
    const links = await this.#progress.step('connecting two source orgs', () => connectAll(this.#stack));
    if (this.#options.withoutManagement) await this.#stack.endManagement();
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
    return this.#report({ audit: audit(history), history, faults, recovery: recoveryOf(scene.outages, history) });
  }

  stop = (): Promise<void> => this.#stack.stop();
  kill = (): void => this.#stack.kill();

  get #lacking(): Need[] {
    const { profile, withoutManagement } = this.#options;
    return [
      ...(withoutManagement ? (['management'] as const) : []),
      ...(profiles[profile].each < 2 ? (['survivor'] as const) : []),
    ];
  }

  #within(sourceOrg: string, teams: readonly Team[]): Team[] {
    const own = destinationsOf(sourceOrg, this.#stack.destinations);
    return teams.filter(({ destination }) => own.includes(destination));
  }

  async #endure(load: Load, scene: Scene & { readonly ends: AbortSignal }, stopping: AbortSignal) {
    const { kinds, mutant, profile } = this.#options;
    const wished = kinds.length === 0 && mutant !== undefined ? mutantNamed(mutant).shownBy : kinds;
    await load.start();
    const loadEnds = new AbortController();
    const loading = load.run(loadEnds.signal);
    try {
      const faults = await letFaultsHappen(scene, { kinds: wished, lacking: this.#lacking }, scene.ends);
      await Promise.all(this.#stack.members.map((member) => member.start()));
      await this.#pauseFor(profiles[profile].loadAfterFaultsMs, stopping);
      return faults;
    } finally {
      loadEnds.abort();
      await loading;
    }
  }

  async #history(load: Load, stopping: AbortSignal): Promise<History> {
    const collector = new Collector(this.#stack.bootstrap, this.#stack.destinations);
    await collector.start();
    const history = await untilQuiet(collector, () => load.sent(), {
      silenceMs: profiles[this.#options.profile].silenceMs,
      say: this.#say,
      stopping,
    });
    await collector.stop();
    return history;
  }

  #scene(links: readonly Link[], teams: readonly Team[], stopping: AbortSignal): Scene & { ends: AbortSignal } {
    const ends = AbortSignal.any([stopping, AbortSignal.timeout(this.#options.minutes * 60_000)]);
    const pause = (ms: number) => this.#pauseFor(ms, ends);
    const random = this.#random.fork();
    return { stack: this.#stack, random, links, teams, outages: [], busy: new Set(), pause, ends, say: this.#say };
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

  #report(found: Found): number {
    const { members } = this.#stack;
    tellFailures(this.#options, this.#stack, found, this.#say);
    for (const { obituaries } of members) for (const obituary of obituaries) this.#say(obituary);
    const endedByThemselves = members.flatMap(({ name, obituaries }) => obituaries.map(() => name));
    process.stdout.write(`${JSON.stringify(lineOf(this.#options, found, endedByThemselves))}\n`);
    return isClean(found.audit) ? 0 : 1;
  }
}
