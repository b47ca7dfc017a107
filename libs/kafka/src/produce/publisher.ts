import { connectWithin } from '../driver/client.ts';
import type { Driver } from '../driver/driver.ts';
import { KafkajsDriver, produceWithinMs } from '../driver/kafkajs-driver.ts';
import { KafkaError, RecordsRefusedError } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { Cluster } from './cluster.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { Delivery } from './pending-publish.ts';
import { Placement } from './record-accumulator.ts';
import { faultOf, sizeOf } from './record-size.ts';
import { Sender, type Trouble } from './sender.ts';
import { Waits } from './waits.ts';

export interface PublisherOptions {
  /** The most bytes in one record batch, which the topic's `max.message.bytes` must allow. Default 900 KB. */
  readonly maxBatchBytes?: number;
  /** A larger record is refused. One between `maxBatchBytes` and this goes alone, compressed. Default `maxBatchBytes`. */
  readonly maxRecordBytes?: number;
  /** The most records in one record batch. Default 1000. */
  readonly maxRecordsPerPartition?: number;
  /** After this a publish is rejected; Infinity: never. Default 30 s. */
  readonly deliveryTimeoutMs?: number;
}

export interface PublishOptions {
  /** Once aborted, nothing of the publish is sent again, and it is rejected; what is on its way may still be written. */
  readonly signal?: AbortSignal;
}

export interface PublisherHealth {
  /** False while a record waits that should have been written long ago; it heals by itself once the cause is cured. */
  readonly ready: boolean;
  /** Which partitions wait, since when and for what. */
  readonly detail: string;
}

const overdueAfterMs = 10_000;
const mostNamed = 5;

/**
 * Writes records so that they survive: acknowledged by every in-sync replica, in the order of the calls for each key.
 *
 * A write that may succeed later holds up its partition of Kafka only, for as long as it takes or until its publish is
 * given up. What Kafka will never take is refused alone. A record may be written twice where the outcome of a write was
 * unknown and something in the same batch was given up or refused, or where the broker has forgotten who wrote.
 *
 * Memory is bounded by the callers: the queues hold what has been published and not settled, and nothing else.
 */
export class Publisher {
  private readonly options: Required<PublisherOptions>;
  private readonly cluster: Cluster;
  private readonly sender: Sender;
  private readonly placement: Placement;
  private readonly waits = new Waits();
  private readonly publishing = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private readonly settings: KafkaSettings,
    options: PublisherOptions = {},
    driver: Driver = new KafkajsDriver(settings),
  ) {
    const maxBatchBytes = options.maxBatchBytes ?? 900_000;
    const defaults = { maxRecordBytes: maxBatchBytes, maxRecordsPerPartition: 1000, deliveryTimeoutMs: 30_000 };
    this.options = { ...defaults, ...options, maxBatchBytes };
    this.cluster = new Cluster(settings, driver, this.waits);
    this.sender = new Sender(settings, this.cluster, this.waits, maxBatchBytes);
    const onAdded = (queue: PartitionQueue) => this.sender.wake(queue);
    this.placement = new Placement(this.cluster, this.options, onAdded, this.waits);
  }

  /** So long after its call, nothing of a publish can reach a broker any more, also if it was rejected. */
  get spentAfterMs(): number {
    // A request that was sent within the delivery timeout may arrive after it, until its connection is reset.
    return this.options.deliveryTimeoutMs + produceWithinMs;
  }

  /** Connects; throws BrokerUnreachableError after the settings' connect timeout. */
  async start(): Promise<void> {
    await connectWithin(this.settings, () => this.placement.open());
  }

  /**
   * Resolves when all records are acknowledged. Rejects with RecordsRefusedError when Kafka will never take some, by their
   * own fault, and all others are acknowledged; with another KafkaError when it is given up: then each of them may have
   * been written or not, and the caller, who still has them, decides.
   */
  async publish(records: readonly OutgoingRecord[], { signal }: PublishOptions = {}): Promise<void> {
    if (records.length === 0 && !this.closed) return;
    const delivery = this.begin(records, signal);
    const outcome = this.outcomeOf(delivery);
    try {
      this.hand(records, delivery);
    } catch (error) {
      delivery.reject(error);
    }
    await outcome;
  }

  health(now = performance.now()): PublisherHealth {
    const overdue = this.waiting(now)
      .filter(({ since }) => now - since > overdueAfterMs)
      .toSorted((a, b) => a.since - b.since)
      .map(({ name, cause, since }) => `${name}: ${cause}, ${Math.round((now - since) / 1000)} s`);
    if (overdue.length === 0) return { ready: true, detail: 'no record waits for long' };
    const rest = overdue.length > mostNamed ? [`and ${overdue.length - mostNamed} more`] : [];
    return { ready: false, detail: [...overdue.slice(0, mostNamed), ...rest].join('; ') };
  }

  /**
   * Takes nothing more and disconnects once all publishes have settled; one that has no timeout must be aborted, or else
   * it is waited for.
   */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.publishing);
    this.waits.end();
    this.sender.close();
    this.cluster.close();
  }

  private begin(records: readonly OutgoingRecord[], signal?: AbortSignal): Delivery {
    if (this.closed) throw new KafkaError('KAFKA.CLOSED', true, 'The publisher is closed');
    this.cluster.refreshIfOld();
    const timeoutMs = this.options.deliveryTimeoutMs;
    const delivery = new Delivery(records, { timeoutMs, signal, causeOf: (topics) => this.causeOf(topics) });
    const { settles } = delivery;
    this.publishing.add(settles);
    const forget = () => this.publishing.delete(settles);
    settles.then(forget, forget);
    return delivery;
  }

  private async outcomeOf(delivery: Delivery): Promise<void> {
    try {
      await delivery.settles;
    } catch (error) {
      const refused = error instanceof RecordsRefusedError ? error.refused : undefined;
      const topic = refused?.[0]?.record.topic ?? delivery.topics[0] ?? '';
      this.settings.observer?.publishFailed?.({ topic, records: refused?.length ?? delivery.records });
      throw error;
    }
  }

  private hand(records: readonly OutgoingRecord[], delivery: Delivery): void {
    if (delivery.settled) return;
    const parcel = { delivery, since: performance.now() };
    for (const record of records) {
      const bytes = sizeOf(record);
      const fault = faultOf(record, bytes, this.options.maxRecordBytes);
      if (fault === undefined) this.placement.add({ record, bytes, parcel });
      else delivery.refuse(record, fault);
    }
  }

  private waiting(now: number): readonly Waiting[] {
    const placed = this.placement.queues().map((queue) => {
      const trouble = this.sender.troubleOf(queue);
      const cause = trouble?.cause ?? 'its broker has not answered yet';
      return { name: queue.name, cause, since: waitsSince(queue, trouble, now) };
    });
    const homeless = this.placement.homeless.map(({ topic, ...rest }) => ({ name: topic, ...rest }));
    return [...placed, ...homeless].flatMap(({ since, ...rest }) => (since === undefined ? [] : [{ ...rest, since }]));
  }

  private causeOf(topics: readonly string[]): Error | undefined {
    for (const topic of topics) {
      for (const queue of this.placement.queues(topic)) {
        const trouble = this.sender.troubleOf(queue);
        if (trouble) return new Error(`${queue.name}: ${trouble.cause}`);
      }
    }
    const homeless = this.placement.homeless.find(({ topic }) => topics.includes(topic));
    return homeless && new Error(homeless.cause);
  }
}

interface Waiting {
  /** A partition, or a topic that is not known. */
  readonly name: string;
  readonly cause: string;
  readonly since: number;
}

// A publish that is given up and comes again waits anew, and its partition is no better for it.
function waitsSince(queue: PartitionQueue, trouble: Trouble | undefined, now: number): number | undefined {
  const { waitingSince } = queue;
  const isRecent = trouble !== undefined && now - trouble.at <= overdueAfterMs;
  if (!trouble || (waitingSince === undefined && !isRecent)) return waitingSince;
  return Math.min(trouble.since, waitingSince ?? Number.POSITIVE_INFINITY);
}
