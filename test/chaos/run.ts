import { type Progress, Sandbox } from '@pagebridge/local-stack';
import { accessTo, type KafkaAccess } from '../harness/kafka-access.ts';
import { ServiceLogs } from '../harness/service-logs.ts';
import { audit } from './audit/audit.ts';
import type { History, Sent } from './audit/history.ts';
import { type Lull, timesOf } from './audit/times.ts';
import { type Need, type Scene, wireTo } from './faults/fault.ts';
import { Responders } from './faults/responders.ts';
import { FaultPlan, isSelected } from './faults/schedule.ts';
import { Flood, floodedStretchOf, floodKind } from './flood.ts';
import { type Bomb, bombs } from './hostile/bombs.ts';
import { HostileProducers } from './hostile/producers.ts';
import { HostileRequests } from './hostile/requests.ts';
import { IntakeClient, Load } from './load.ts';
import { mutantNamed, mutantOf } from './mutants.ts';
import { Collector } from './observation/collect.ts';
import { ServiceWatch, stretchesOf } from './observation/lull.ts';
import { untilQuiet } from './observation/quiet.ts';
import { recoveryOf } from './observation/recovery.ts';
import type { ChaosOptions } from './options.ts';
import { type Found, isKept, lineOf, reportFailures } from './report.ts';
import { Seeded } from './seed.ts';
import { ChaosStack } from './stack/chaos-stack.ts';
import { connectAll, connectFlood, connectHostile, integrateAll, integrateHostile } from './stack/links.ts';
import {
  destinationsOf,
  floodOrg,
  hostileOrg,
  hostileOrgConfig,
  type Link,
  profiles,
  sourceOrgs,
  type Team,
  teamsOf,
} from './world.ts';

interface Cast {
  readonly load: Load;
  readonly responders: Responders;
  readonly scene: Omit<Scene, 'pause'>;
  readonly hostile?: HostileProducers;
  readonly requests?: HostileRequests;
  readonly flood?: Flood;
}

/** One chaos run: starts everything, applies load and faults, repairs everything, waits for quiet, and audits. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #progress: Progress;
  readonly #stack: ChaosStack;
  readonly #logs: ServiceLogs;
  readonly #random: Seeded;
  readonly #started = performance.now();

  constructor(options: ChaosOptions, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
    this.#random = new Seeded(options.seed);
    const deliveryScript = options.mutant === undefined ? undefined : mutantOf(options.mutant);
    const { profile, isSecure } = options;
    this.#stack = new ChaosStack({ profile: profiles[profile], isSecure, progress, deliveryScript });
    this.#logs = new ServiceLogs(this.#stack.folder.logs);
  }

  /** Runs and prints the JSON line; resolves to the exit code. */
  async play(stopping: AbortSignal): Promise<number> {
    const made = this.#options.hostile ? await this.#progress.step('making bombs', async () => bombs()) : [];
    await this.#stack.start();
    const links = await this.#progress.step('connecting two source orgs', () => connectAll(this.#stack));
    const hostileLinks = this.#options.hostile
      ? await this.#progress.step('connecting the hostile org', () => connectHostile(this.#stack))
      : [];
    const floodLink =
      this.#options.flood > 0 && isSelected(floodKind, { kinds: this.#kinds })
        ? await this.#progress.step('connecting the org that floods', () => connectFlood(this.#stack))
        : undefined;
    if (this.#options.withoutManagement) await this.#stack.endManagement();
    const teams = teamsOf(this.#stack.destinations);
    const tokens = await this.#progress.step('making integrations', () => integrateAll(this.#stack));
    const load = new Load({
      kafka: this.#producers,
      intake: new IntakeClient(this.#stack.intakeUrls, tokens),
      random: this.#random.fork(),
      perSecond: this.#options.alertsPerSecond,
      teams: new Map(sourceOrgs.map((org) => [org, this.#within(org, teams)])),
    });
    const scene = this.#scene(links, teams);
    const hostile = this.#options.hostile ? this.#hostile(made, hostileLinks, scene) : undefined;
    const flood = floodLink && this.#flood(floodLink, stopping);
    const requests = this.#options.hostile ? await this.#requests() : undefined;
    const cast = {
      load,
      scene,
      // A generator of its own, as that of the requests.
      responders: new Responders(this.#stack.destinations, new Seeded(this.#options.seed)),
      ...(hostile ? { hostile } : {}),
      ...(requests ? { requests } : {}),
      ...(flood ? { flood } : {}),
    };
    const { faults, lulls } = await this.#endure(cast, stopping);
    this.#say(`healed, after ${Object.values(faults).reduce((sum, count) => sum + count, 0)} faults`);
    const records = await this.#history(() => [...load.sent(), ...(flood?.sent() ?? [])], stopping);
    const history = { ...records, requests: requests?.answered() ?? [], faults: scene.faults };
    const times = hostile ? { times: timesOf(lulls, history, flood && floodOrg) } : {};
    const recovery = recoveryOf(scene.outages, history);
    return this.#report({ audit: audit(history), history, faults, recovery, ...times });
  }

  kill = (): Promise<void> => this.#stack.kill();

  /** Healthy and hostile producers have the same rights. */
  get #producers(): KafkaAccess {
    return accessTo(this.#stack.kafka, 'alert-producers');
  }

  get #lacking(): Need[] {
    const { profile, withoutManagement, hostile } = this.#options;
    return [
      ...(withoutManagement ? (['management'] as const) : []),
      ...(profiles[profile].each < 2 ? (['survivor'] as const) : []),
      ...(profiles[profile].brokers < 3 ? (['three brokers'] as const) : []),
      ...(hostile ? [] : (['hostile'] as const)),
    ];
  }

  #within(sourceOrg: string, teams: readonly Team[]): Team[] {
    const own = destinationsOf(sourceOrg, this.#stack.destinations);
    return teams.filter(({ destination }) => own.includes(destination));
  }

  #hostile(made: readonly Bomb[], links: readonly Link[], { random }: Cast['scene']): HostileProducers {
    const teams = links.flatMap(({ destination }) => destination.teams);
    const foreignKeys = sourceOrgs.flatMap((org) => Array.from({ length: 20 }, (_, i) => `${org}/monitor:${i}`));
    const target = { sourceOrg: hostileOrg, teams, badlyAnsweredTeams: hostileOrgConfig.teams, foreignKeys };
    const kafka = this.#producers;
    return new HostileProducers({ kafka, random: random.fork(), target, bombs: made, say: this.#say });
  }

  async #requests(): Promise<HostileRequests> {
    const tokens = await integrateHostile(this.#stack);
    const { intakeUrls } = this.#stack;
    const [team] = hostileOrgConfig.teams;
    // A generator of its own: what others draw stays as it was before there were these requests.
    const random = new Seeded(this.#options.seed);
    return new HostileRequests({ intakeUrls, tokens, random, team, say: this.#say });
  }

  get #kinds(): readonly string[] {
    const { kinds, mutant } = this.#options;
    return kinds.length === 0 && mutant !== undefined ? mutantNamed(mutant).shownBy : kinds;
  }

  #flood({ destination }: Link, stopping: AbortSignal): Flood {
    const [kafka, random, say] = [this.#producers, this.#random.fork(), this.#say];
    const wire = wireTo({ stack: this.#stack }, destination.org);
    return new Flood({ kafka, random, alerts: this.#options.flood, destination, wire, say, stopping });
  }

  async #endure({ load, responders, scene, hostile, requests, flood }: Cast, stopping: AbortSignal) {
    const { profile } = this.#options;
    const plan = new FaultPlan({ kinds: this.#kinds, lacking: this.#lacking }, scene.random);
    const watch = new ServiceWatch(accessTo(this.#stack.kafka, 'subscribers'), scene.links);
    if (hostile) await watch.start();
    await load.start();
    const loadEnds = new AbortController();
    const loading = Promise.all([
      load.run(loadEnds.signal),
      responders.run(loadEnds.signal),
      hostile?.run(loadEnds.signal),
      requests?.run(loadEnds.signal),
    ]);
    const lulls: Lull[] = [];
    const stretch = async (forMs: number) => {
      const ends = AbortSignal.any([stopping, AbortSignal.timeout(forMs)]);
      await plan.during({ ...scene, pause: (ms) => this.#pauseFor(ms, ends) }, ends);
      await Promise.all(this.#stack.members.map((member) => member.start()));
      if (hostile && !stopping.aborted) {
        lulls.push(await watch.lull(load, (ms) => this.#pauseFor(ms, stopping), this.#say));
      }
    };
    const stretches = stretchesOf(this.#options);
    const flooded = flood && floodedStretchOf(stretches.length, this.#random.fork());
    try {
      for (const [index, forMs] of stretches.entries()) {
        await (flood && index === flooded ? flood.during(() => stretch(forMs)) : stretch(forMs));
      }
      // With hostile input, the last lull has measured the recovery already.
      if (!hostile) await this.#pauseFor(profiles[profile].loadAfterFaultsMs, stopping);
      return { faults: { ...plan.counts, ...(flood ? { [floodKind]: 1 } : {}) }, lulls };
    } finally {
      loadEnds.abort();
      await loading;
      if (hostile) await watch.stop();
      const { hostileDestination } = this.#stack;
      if (hostileDestination) await new Sandbox(hostileDestination.controlUrl).recover();
    }
  }

  async #history(sent: () => readonly Sent[], stopping: AbortSignal): Promise<History> {
    const { kafka, brokerFolders, allDestinations: destinations, polls } = this.#stack;
    const collector = new Collector({ kafka, brokerFolders, destinations, polls, topicOwners: sourceOrgs });
    await collector.start();
    const history = await untilQuiet(collector, sent, {
      silenceMs: profiles[this.#options.profile].silenceMs,
      say: this.#say,
      stopping,
    });
    await collector.stop();
    return history;
  }

  #scene(links: readonly Link[], teams: readonly Team[]): Cast['scene'] {
    const random = this.#random.fork();
    return { stack: this.#stack, random, links, teams, outages: [], faults: [], busy: new Set(), say: this.#say };
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
    reportFailures(this.#options, this.#stack, found, this.#say);
    for (const { endReports } of members) for (const endReport of endReports) this.#say(endReport);
    const endedByThemselves = members.flatMap(({ name, endReports }) => endReports.map(() => name));
    const errors = this.#logs.errors();
    if (this.#options.mutant !== undefined) for (const error of errors.slice(0, 3)) this.#say(error);
    const line = lineOf(this.#options, found, { endedByThemselves, errors });
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return isKept(found) ? 0 : 1;
  }
}
