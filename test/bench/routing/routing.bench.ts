import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Alert,
  Alerts,
  type OutgoingRecord,
  orgAlertsGroup,
  orgAlertTopicOf,
  PageCommands,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { createAllTopics, type LocalProcess } from '@pagebridge/local-stack';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import kafkajs, { type Admin } from 'kafkajs';
import { type KafkaAccess, kafkajsOptions, settingsOf } from '../../harness/kafka-access.ts';
import { cpuSeconds } from '../harness/statistics.ts';
import type { Bench, Contender, Figures, Testbed } from '../harness/testbed.ts';
import type { Link } from '../page-path/page-path.ts';
import { PagePath } from '../page-path/page-path.ts';

/** The end offsets of topics and the start offsets of groups, read from outside, alike for every contender. */
class LogEnds {
  readonly #admin: Admin;

  static async of(kafka: KafkaAccess): Promise<LogEnds> {
    const admin = new kafkajs.Kafka(kafkajsOptions(kafka, 'bench-watch')).admin();
    await admin.connect();
    return new LogEnds(admin);
  }

  private constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** Returns the number of records that a topic ever had. */
  async count(topic: string): Promise<number> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  /** Sets the offsets of an inactive group so that it has about `count` records to read; returns the exact number. */
  async leave(group: string, topic: string, count: number): Promise<number> {
    const ends = await this.#admin.fetchTopicOffsets(topic);
    const each = Math.floor(count / ends.length);
    const partitions = ends.map(({ partition, low, high }) => {
      const offset = Math.max(Number(low), Number(high) - each);
      return { partition, offset: String(offset), left: Number(high) - offset };
    });
    await this.#admin.setOffsets({ groupId: group, topic, partitions });
    return partitions.reduce((sum, { left }) => sum + left, 0);
  }

  /** Deletes an inactive group, so that it starts anew. */
  async forget(group: string): Promise<void> {
    const { groups } = await this.#admin.listGroups();
    if (groups.some(({ groupId }) => groupId === group)) await this.#admin.deleteGroups([group]);
  }

  close = (): Promise<void> => this.#admin.disconnect();
}

const alertBytes = 560;
const handles = 100_000;
const alertingThings = 10_000;
const perPublish = 2_000;
const time = '2026-01-31T12:00:00.000Z';

/** Returns this number of source orgs. */
const sourceOrgs = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `source-org-${String(n).padStart(2, '0')}`);
const teamOf = (n: number): string => `team-${String(n).padStart(4, '0')}`;

/** Returns the links of a large installation: these source orgs may page 100,000 teams, spread over the destinations. */
const linksTo = (destinations: number, orgs: readonly string[]): readonly Link[] =>
  Array.from({ length: destinations }, (_, destination) => destination).flatMap((destination) =>
    orgs.map((sourceOrg) => ({
      sourceOrg,
      dataCenter: 'EU1',
      destinationOrg: `destination-${destination}`,
      teams: teamsOf(destination, destinations, handles / orgs.length),
      apiKey: 'api-key',
      applicationKey: 'application-key',
    })),
  );

const teamsOf = (destination: number, destinations: number, ofEach: number): string[] =>
  Array.from({ length: ofEach / destinations }, (_, team) => teamOf(team * destinations + destination));

/** Returns the nth alert, with one external handle and 560 bytes; a bare value without SDK headers. */
function alertNumber(n: number, orgs: readonly string[]): OutgoingRecord & { readonly sourceOrg: string } {
  const thing = (n * 7919) % alertingThings;
  const sourceOrg = orgs[thing % orgs.length] ?? '';
  const alertKey = `monitor-${thing}`;
  const alert = (message: string): Alert => ({
    sourceOrg,
    alertKey,
    transition: 'triggered',
    origin: 'monitor',
    title: 'High memory usage',
    message,
    priority: 'P2',
    tags: ['service:backend'],
    links: [{ title: 'Monitor', url: `https://${sourceOrg}.example/${thing}` }],
    occurredAt: time,
  });
  const message = `Memory is above 90 %. ${handleOf(teamOf((n * 31) % (handles / orgs.length)))} `;
  const encode = (text: string) =>
    Alerts.encode(alertIdentity(sourceOrg, alertKey), { id: `${n}`, source: '//bench.example', time }, alert(text));
  const room = alertBytes - (encode(message).value?.length ?? 0);
  if (room < 0) throw new RangeError(`an alert takes ${alertBytes - room} bytes`);
  return { ...encode(message + '.'.repeat(room)), headers: {}, sourceOrg };
}

/** Publishes a number of alerts of these orgs, on the shared topic or on their own topics. */
async function publishBacklog(
  kafka: KafkaAccess,
  count: number,
  orgs: readonly string[],
  topicOf: (sourceOrg: string) => string = () => Alerts.card.topic,
): Promise<void> {
  const publisher = new Publisher(settingsOf(kafka, 'alert-producer'));
  const alerts = Array.from({ length: count }, (_, n) => alertNumber(n, orgs));
  // One topic at a time: a publish to all partitions of a hundred topics would be many small writes.
  for (const its of Map.groupBy(alerts, ({ sourceOrg }) => topicOf(sourceOrg)).values()) {
    for (let from = 0; from < its.length; from += perPublish) {
      const part = its.slice(from, from + perPublish);
      await publisher.publish(part.map(({ sourceOrg, ...record }) => ({ ...record, topic: topicOf(sourceOrg) })));
    }
  }
  await publisher.close();
}

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
