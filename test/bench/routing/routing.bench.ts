import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Alerts,
  orgAlertsGroup,
  orgAlertTopicOf,
  PageCommands,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
import type { OutgoingRecord } from '@pagebridge/kafka';
import { createAllTopics, type LocalProcess } from '@pagebridge/local-stack';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import { cpuSeconds } from '../harness/cpu-time.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import { linksTo, publishBacklog, sourceOrgs } from './backlog.ts';
import { LogEnds } from './log-ends.ts';

const ours = 'page-routing';
const wide = 'page-routing, 50 connections an org';
const own = 'page-routing, 100 topics of orgs';
const raw = 'raw kafkajs';
const nest = "Nest's transport";
const platformatic = '@platformatic/kafka';
const from = Alerts.card.topic;
const to = PageCommands.card.topic;
// Every fresh process starts slowly, so the first part of the backlog does not count.
const warmUpShare = 0.3;
const programs = join(import.meta.dirname, 'programs');

const countIn = ({ quick }: Testbed): number => (quick ? 60_000 : 300_000);

const ownsItsTopic = (sourceOrg: string): OutgoingRecord => {
  const settings: SourceOrg = { sourceOrg, localHandles: [], alertTopic: 'both', version: 1 };
  return SourceOrgs.encode(sourceOrg, { id: sourceOrg, source: '/bench', time: '2026-01-01T00:00:00.000Z' }, settings);
};

/** Measures how fast a started process writes a backlog of alerts to the other topic. */
class Backlog {
  readonly #testbed: Testbed;
  readonly #path: PagePath;
  readonly #ends: LogEnds;
  readonly #count: number;
  #runs = 0;

  /** Prepares a backlog of alerts of orgs with a number of connections each. */
  static async on(testbed: Testbed, connections: number): Promise<Backlog> {
    const path = await PagePath.on(testbed, []);
    const count = countIn(testbed);
    const orgs = sourceOrgs(20);
    await testbed.progress.step('publishing 100,000 handles', () => path.connect(linksTo(connections, orgs)));
    await testbed.progress.step(`publishing ${count} alerts`, () => publishBacklog(path.access(), count, orgs));
    return new Backlog(testbed, path, await LogEnds.of(path.access()), count);
  }

  /** Prepares a backlog of alerts of 100 orgs, each on its own topic, and none on the shared one. */
  static async onOwnTopics(testbed: Testbed): Promise<Backlog> {
    const path = await PagePath.on(testbed, []);
    const count = countIn(testbed);
    const orgs = sourceOrgs(100);
    await testbed.progress.step('giving 100 orgs a topic', async () => {
      await createAllTopics(path.access(), 1, orgs);
      await path.publish(orgs.map(ownsItsTopic));
    });
    await testbed.progress.step('publishing 100,000 handles', () => path.connect(linksTo(1, orgs)));
    await testbed.progress.step(`publishing ${count} alerts`, () =>
      publishBacklog(path.access(), count, orgs, orgAlertTopicOf),
    );
    return new Backlog(testbed, path, await LogEnds.of(path.access()), count);
  }

  private constructor(testbed: Testbed, path: PagePath, ends: LogEnds, count: number) {
    this.#testbed = testbed;
    this.#path = path;
    this.#ends = ends;
    this.#count = count;
  }

  pagebridge(name: string): Contender {
    const leave = () => this.#ends.leave(ours, from, this.#count);
    return this.#routing(name, leave);
  }

  pagebridgeOnOwnTopics(name: string): Contender {
    return this.#routing(name, async () => {
      await this.#ends.forget(orgAlertsGroup);
      return this.#count;
    });
  }

  #routing(name: string, leave: () => Promise<number>): Contender {
    return {
      name,
      measure: () => this.#measure(leave, () => this.#path.start(ours)),
      close: async () => {
        await this.#ends.close();
        await this.#path.close();
      },
    };
  }

  /** A slow contender gets only a `share` of the backlog. */
  passThrough(name: string, script: string, share = 1): Contender {
    const input = { kafka: this.#path.access(), from, to };
    return {
      name,
      measure: () => {
        this.#runs += 1;
        const group = `bench-${this.#runs}`;
        const start = () =>
          this.#testbed.startMeasured({
            name: `${name.replaceAll(/[^a-z]/g, '')}-${this.#runs}`,
            command: process.execPath,
            args: [script, JSON.stringify({ ...input, group })],
            layer: 3,
            ready: async () => true,
          });
        return this.#measure(() => this.#ends.leave(group, from, this.#count * share), start);
      },
    };
  }

  async #measure(leave: () => Promise<number>, start: () => Promise<LocalProcess>): Promise<Figures> {
    const left = await leave();
    const before = await this.#ends.count(to);
    const passed = async () => (await this.#ends.count(to)) - before;
    const starting = start();
    const warm = await this.#momentOf(left * warmUpShare, passed, starting);
    const done = await this.#momentOf(left, passed, starting);
    await (await starting).stop();
    const alerts = done.passed - warm.passed;
    return {
      alertsPerSecond: alerts / ((done.atMs - warm.atMs) / 1000),
      cpuMicrosPerAlert: ((done.cpu - warm.cpu) / alerts) * 1e6,
    };
  }

  async #momentOf(count: number, passed: () => Promise<number>, starting: Promise<LocalProcess>) {
    const deadline = performance.now() + 180_000;
    for (;;) {
      const seen = await passed();
      if (seen >= count)
        return { passed: seen, atMs: performance.now(), cpu: cpuSeconds([(await starting).pid]) ?? Number.NaN };
      if (performance.now() > deadline)
        throw new Error(`only ${seen} of ${count} alerts were routed within three minutes`);
      await sleep(10);
    }
  }
}

export const routing: Bench = {
  rounds: 5,
  findings: [
    { name: 'routing / raw kafkajs passthrough', figure: 'alertsPerSecond', of: ours, to: raw, goal: { atLeast: 1 } },
    { name: "routing / Nest's Kafka transport", figure: 'alertsPerSecond', of: ours, to: nest, goal: { atLeast: 12 } },
    { name: 'routing / @platformatic/kafka passthrough', figure: 'alertsPerSecond', of: ours, to: platformatic },
    {
      name: 'with 50 connections an org / with one',
      figure: 'alertsPerSecond',
      of: wide,
      to: ours,
      goal: { atLeast: 0.9 },
    },
    {
      name: 'alerts on 100 topics of their orgs / on the shared topic',
      figure: 'alertsPerSecond',
      of: own,
      to: ours,
      goal: { atLeast: 0.8 },
    },
  ],
  prepare: async (testbed) => {
    const backlog = await Backlog.on(testbed, 1);
    const ofWide = await Backlog.on(testbed.branch('wide'), 50);
    const ofOwn = await Backlog.onOwnTopics(testbed.branch('own'));
    return [
      backlog.pagebridge(ours),
      ofWide.pagebridge(wide),
      ofOwn.pagebridgeOnOwnTopics(own),
      backlog.passThrough(raw, join(import.meta.dirname, '../page-path/programs/pass-through.ts')),
      backlog.passThrough(nest, join(programs, 'nest-transport.ts'), 0.05),
      backlog.passThrough(platformatic, join(programs, 'platformatic.ts')),
    ];
  },
};
