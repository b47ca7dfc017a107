import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, Alerts } from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher, partitionFor } from '@pagebridge/kafka';
import { anAlert } from '@pagebridge/testing';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../harness/kafka-access.ts';
import type { Sent } from './audit/history.ts';
import type { Seeded } from './seed.ts';
import { alertTopicOf, sourceOrgs, type Team } from './world.ts';

const patienceMs = 90_000;
const betweenMs = 500;
/** Longer than a request is held. */
const answerWithinMs = 12_000;

/** Sends alerts over HTTP as alerting systems do: those of an alert in order, to any instance, again until one has taken them. */
export class IntakeClient {
  readonly #urls: readonly string[];
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #last = new Map<string, Promise<void>>();
  #count = 0;

  /** `tokens`: by source org. */
  constructor(urls: readonly string[], tokens: ReadonlyMap<string, string>) {
    this.#urls = urls;
    this.#tokens = tokens;
  }

  /** Resolves once an instance has answered that Kafka has it; rejects if none does in time. */
  async send(sourceOrg: string, { key, value }: OutgoingRecord): Promise<void> {
    const name = String(key);
    const before = this.#last.get(name)?.catch(() => undefined) ?? Promise.resolve();
    const sent = before.then(() => this.#untilTaken(sourceOrg, String(value)));
    this.#last.set(name, sent);
    await sent;
  }

  async #untilTaken(sourceOrg: string, event: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      this.#count += 1;
      const url = this.#urls[this.#count % this.#urls.length];
      // No answer: the instance is down or frozen.
      const status = await this.#post(`${url}/v1/intake/cloudevents`, sourceOrg, event).catch(() => 503);
      if (status === 202) return;
      if (status !== 503 && status !== 429) throw new Error(`alert-intake answers ${status} to ${event}`);
      await sleep(betweenMs);
    }
    throw new Error(`no instance of alert-intake took ${event}`);
  }

  async #post(url: string, sourceOrg: string, body: string): Promise<number> {
    const authorization = `Bearer ${this.#tokens.get(sourceOrg)}`;
    const headers = { authorization, 'content-type': 'application/cloudevents+json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerWithinMs) });
    await response.arrayBuffer();
    return response.status;
  }
}

/** Returns a record that cannot become a page: undecodable, or with more handles than allowed. */
function poison(random: Seeded, id: string): OutgoingRecord {
  const key = `acme-us/${id}`;
  const alert = anAlert({ alertKey: id });
  const attributes = { id, source: '//chaos.example', time: alert.occurredAt };
  const good = Alerts.encode(key, attributes, alert);
  const handles = Array.from({ length: 101 }, (_, index) => `@oncall-x${index}`).join(' ');
  const value = random.pick([
    Buffer.from(`${id} is no JSON`),
    Buffer.from(JSON.stringify({ hello: id })),
    Buffer.from(JSON.stringify({ ...JSON.parse(String(good.value)), type: 'com.example.other' })),
    Buffer.from(JSON.stringify({ ...JSON.parse(String(good.value)), data: { sourceOrg: 'acme-us' } })),
    Alerts.encode(key, attributes, { ...alert, message: handles }).value,
  ]);
  return { ...good, value };
}

interface Firing {
  readonly sourceOrg: (typeof sourceOrgs)[number];
  readonly alertKey: string;
  readonly teams: readonly Team[];
  fires: boolean;
  events: number;
  last: OutgoingRecord | undefined;
}

interface LoadOptions {
  readonly kafka: KafkaAccess;
  /** Takes half of the alerts, over HTTP. */
  readonly intake: IntakeClient;
  readonly random: Seeded;
  readonly perSecond: number;
  /** The teams that each source org may page. */
  readonly teams: ReadonlyMap<string, readonly Team[]>;
}

const tickMs = 100;
const alertingThings = 240;
const neverFired = (its: Pick<Firing, 'sourceOrg' | 'alertKey' | 'teams'>): Firing => ({
  ...its,
  fires: false,
  events: 0,
  last: undefined,
});
const silent = () => undefined;
export const digestOf = (value: Buffer | string | null): string =>
  createHash('sha256')
    .update(value ?? '')
    .digest('base64url');

/** Simulates the monitors of source orgs: publishes alerts with acks=all, and records which were acknowledged. */
export class Load {
  /** The events; an exact duplicate has no entry of its own. */
  readonly #sent = new Map<string, { sent: Sent; acknowledged: boolean }>();
  readonly #options: LoadOptions;
  readonly #random: Seeded;
  readonly #publisher: Publisher;
  readonly #things: Firing[];
  readonly #underWay = new Set<Promise<void>>();
  #count = 0;
  #clock = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = options.random;
    this.#publisher = new Publisher(settingsOf(options.kafka, 'alert-producer'));
    this.#things = Array.from({ length: alertingThings }, () => this.#newThing());
  }

  sent(): Sent[] {
    return [...this.#sent.values()].map(({ sent, acknowledged }) => ({ ...sent, acknowledged }));
  }

  /** The number of sent alerts; each has its number in its id, `event-<number>`. */
  get count(): number {
    return this.#count;
  }

  start = (): Promise<void> => this.#publisher.start();

  /** Publishes until `until`; resolves once each write is acknowledged or failed. */
  async run(until: AbortSignal): Promise<void> {
    const started = performance.now();
    let due = 0;
    while (!until.aborted) {
      due = ((performance.now() - started) / 1000) * this.#options.perSecond;
      while (this.#count < due && !until.aborted) this.#sendOne();
      await sleep(tickMs);
    }
    await Promise.all(this.#underWay);
    await this.#publisher.close();
  }

  /** Sends an alert for each destination of each source org: random alerts may omit one for half a minute. */
  mentionEachDestination(): void {
    for (const sourceOrg of sourceOrgs) {
      const all = this.#options.teams.get(sourceOrg) ?? [];
      for (const teams of Map.groupBy(all, ({ destination }) => destination.org).values()) {
        this.#count += 1;
        const alertKey = `each-destination:${this.#count}`;
        this.#emit(neverFired({ sourceOrg, alertKey, teams }));
      }
    }
  }

  #sendOne(): void {
    this.#count += 1;
    const index = this.#random.between(0, this.#things.length - 1);
    const thing = this.#things[index] ?? this.#newThing();
    if (this.#random.chance(0.01)) this.#publishPoison();
    else if (thing.last && this.#random.chance(0.05)) this.#repeat(thing, thing.last);
    else this.#emit(thing);
    // Most alert keys fire again and again, some only once.
    if (thing.events > 12) this.#things[index] = this.#newThing();
  }

  #emit(thing: Firing): void {
    const transition = this.#next(thing);
    thing.fires = transition !== 'recovered';
    thing.events += 1;
    const origin = this.#random.chance(0.02) ? 'manual' : this.#random.pick(['monitor', 'incident-rule'] as const);
    // A manual recovery is refused, so the alert keeps firing.
    if (origin === 'manual' && transition === 'recovered') thing.fires = true;
    const occurredAt = this.#now();
    const { sourceOrg, alertKey } = thing;
    const message = `Something is ${transition}. ${this.#mentions(thing)}`;
    const alert: Alert = { sourceOrg, alertKey, transition, origin, title: `Alert ${alertKey}`, message, occurredAt };
    const attributes = { id: `event-${this.#count}`, source: '//chaos.example', time: occurredAt };
    const record = Alerts.encode(alertIdentity(sourceOrg, alertKey), attributes, alert);
    thing.last = { ...record, topic: alertTopicOf(sourceOrg, alertKey) };
    this.#publish(thing.last, alert, this.#send(thing, thing.last));
  }

  #next({ fires }: Firing): Alert['transition'] {
    if (!fires) return this.#random.chance(0.25) ? 'warned' : 'triggered';
    return this.#random.weighted([
      [45, 'recovered'],
      [15, 'triggered'],
      [15, 'retriggered'],
      [10, 'renotified'],
      [5, 'no-data'],
      [10, 'warned'],
    ] as const);
  }

  #mentions({ teams }: Firing): string {
    const named = teams.map((team) => handleOf(team.former && this.#random.chance(0.3) ? team.former : team.handle));
    const unknown = this.#random.chance(0.04) ? this.#unknown() : [];
    return [...named, ...unknown].join(' ');
  }

  #unknown(): string[] {
    const first = this.#random.between(1, 5);
    const names = this.#random.chance(0.3) ? [first, first + 1] : [first];
    return names.map((name) => handleOf(`nobody-${name}`));
  }

  #repeat(thing: Firing, record: OutgoingRecord): void {
    this.#track(this.#send(thing, record).catch(silent));
  }

  #publishPoison(): void {
    const record = poison(this.#random, `poison-${this.#count}`);
    this.#publish(record, undefined, this.#publisher.publish([record]));
  }

  /** Sends all events of one alert the same way, so that they keep their order. */
  #send({ sourceOrg, alertKey }: Firing, record: OutgoingRecord): Promise<void> {
    const isOverHttp = partitionFor(`http:${alertKey}`, 2) === 0;
    return isOverHttp ? this.#options.intake.send(sourceOrg, record) : this.#publisher.publish([record]);
  }

  #publish(record: OutgoingRecord, alert: Alert | undefined, sending: Promise<void>): void {
    const eventId = `event-${this.#count}`;
    const sent: Sent = {
      eventId,
      key: String(record.key),
      digest: digestOf(record.value),
      acknowledged: false,
      ...(alert ? { alert } : {}),
    };
    const entry = { sent, acknowledged: false };
    this.#sent.set(eventId, entry);
    const written = sending.then(
      () => {
        entry.acknowledged = true;
      },
      // Unacknowledged: nothing is promised, and the audit looks into the topic.
      silent,
    );
    this.#track(written);
  }

  #track(written: Promise<void>): void {
    this.#underWay.add(written);
    void written.finally(() => this.#underWay.delete(written));
  }

  #newThing(): Firing {
    const sourceOrg = this.#random.pick(sourceOrgs);
    const all = this.#options.teams.get(sourceOrg) ?? [];
    const teams = this.#random.shuffled(all).slice(
      0,
      this.#random.weighted([
        [70, 1],
        [20, 2],
        [10, 3],
      ] as const),
    );
    const alertKey = `monitor:${this.#random.between(0, 2 ** 32).toString(36)}`;
    return neverFired({ sourceOrg, alertKey, teams });
  }

  // Two events of one alert never have the same time, so that the audit has their order.
  #now(): string {
    this.#clock = Math.max(Date.now(), this.#clock + 1);
    return new Date(this.#clock).toISOString();
  }
}
