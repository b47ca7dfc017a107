import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { type Destination, Sandbox } from '@pagebridge/local-stack';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../harness/kafka-access.ts';
import type { Sent } from './audit/history.ts';
import { digestOf } from './load.ts';
import type { Seeded } from './seed.ts';
import type { Wire } from './stack/wire.ts';
import { floodOrg } from './world.ts';

/** Its name among the faults. */
export const floodKind = 'flood';

const alertsPerSecond = 1_000;
const tickMs = 100;
/** The share of its alerts that recover while their pages wait. */
const recovering = 2 / 3;

/** Draws the stretch of a run that is flooded: not the first, which begins with an outage, nor the last, if there are others. */
export const floodedStretchOf = (stretches: number, random: Seeded): number =>
  stretches > 2 ? random.between(1, stretches - 2) : stretches - 1;

export interface FloodOptions {
  readonly kafka: KafkaAccess;
  readonly random: Seeded;
  readonly alerts: number;
  readonly destination: Destination;
  readonly wire: Wire;
  readonly say: (line: string) => void;
  readonly stopping: AbortSignal;
}

/**
 * A source org that sends thousands of alerts, each of its own, which all page its destination while that is down.
 *
 * Two of three alerts recover while their pages wait. Every alert is acknowledged, and audited like those of the load.
 */
export class Flood {
  readonly #its: FloodOptions;
  readonly #sent: Sent[] = [];
  readonly #publisher: Publisher;

  constructor(options: FloodOptions) {
    this.#its = options;
    // An outage of Kafka delays alerts, and none is given up.
    const deliveryTimeoutMs = Number.POSITIVE_INFINITY;
    this.#publisher = new Publisher(settingsOf(options.kafka, 'flood-producer'), { deliveryTimeoutMs });
  }

  sent = (): readonly Sent[] => this.#sent;

  /** Floods while `work` runs. Resolves once both have ended and the destination is back. */
  async during(work: () => Promise<void>): Promise<void> {
    const { say, alerts } = this.#its;
    // Before any fault: the start does not wait for brokers that are down.
    await this.#publisher.start();
    const repair = await this.#breakDestination();
    try {
      await Promise.all([work(), this.#sendAll()]);
    } finally {
      await repair();
      say(`${floodKind}: the destination of ${alerts} alerts is back`);
    }
  }

  async #breakDestination(): Promise<() => Promise<unknown>> {
    const { destination, wire, random, say, alerts } = this.#its;
    const how = random.pick(['answers 503', 'refuses connections'] as const);
    say(`${floodKind}: ${alerts} alerts page ${destination.org}, which ${how}`);
    if (how === 'answers 503') {
      const sandbox = new Sandbox(destination.controlUrl);
      await sandbox.answerPagesWith(503);
      return () => sandbox.recover();
    }
    wire.break('request lost');
    return async () => wire.mend();
  }

  async #sendAll(): Promise<void> {
    const { alerts, random, say } = this.#its;
    const all = Array.from({ length: alerts }, (_, n) => `flood:${n}`);
    await this.#send('triggered', all);
    say(`${floodKind}: all alerts are in Kafka`);
    await this.#send(
      'recovered',
      all.filter(() => random.chance(recovering)),
    );
    await this.#publisher.close();
  }

  async #send(transition: Alert['transition'], alertKeys: readonly string[]): Promise<void> {
    const { stopping: signal } = this.#its;
    const each = (alertsPerSecond * tickMs) / 1000;
    const written: Promise<unknown>[] = [];
    for (let from = 0; from < alertKeys.length && !signal.aborted; from += each) {
      const records = alertKeys.slice(from, from + each).map((alertKey) => this.#recordOf(transition, alertKey));
      // Rejects only if the run is being stopped, and then nothing is audited.
      written.push(this.#publisher.publish(records, { signal }).catch(() => undefined));
      await sleep(tickMs);
    }
    await Promise.all(written);
  }

  #recordOf(transition: Alert['transition'], alertKey: string): OutgoingRecord {
    const handle = handleOf(this.#its.destination.teams[0] ?? '');
    const occurredAt = new Date().toISOString();
    const eventId = `${alertKey}-${transition}`;
    const alert: Alert = {
      sourceOrg: floodOrg,
      alertKey,
      transition,
      origin: 'monitor',
      title: `Alert ${alertKey}`,
      message: `The datacenter lost its power. ${handle}`,
      occurredAt,
    };
    const key = alertIdentity(floodOrg, alertKey);
    const record = Alerts.encode(key, { id: eventId, source: '//chaos.example', time: occurredAt }, alert);
    this.#sent.push({ eventId, key, digest: digestOf(record.value), acknowledged: true, alert });
    return record;
  }
}
