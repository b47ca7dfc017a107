import { Cluster } from '../cluster/cluster.ts';
import { Waits } from '../cluster/waits.ts';
import { connectWithin } from '../driver/client.ts';
import type { Driver } from '../driver/driver.ts';
import { KafkajsDriver, produceWithinMs } from '../driver/kafkajs-driver.ts';
import { KafkaError, RecordsRefusedError, type RefusedRecord } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { maxBatchBytes, type PartitionQueue } from './partition-queue.ts';
import { PendingPublish } from './pending-publish.ts';
import { RecordAccumulator } from './record-accumulator.ts';
import { faultOf, sizeOf } from './record-size.ts';
import { Sender } from './sender.ts';

export interface PublisherOptions {
  /** The most bytes of a record. One above 900 KB goes alone, compressed. Default 900 KB. */
  readonly maxRecordBytes?: number;
  /** After this a publish is rejected; Infinity: never. Default 30 s. */
  readonly deliveryTimeoutMs?: number;
}

export interface PublishOptions {
  /** Once aborted, the publish is rejected and nothing of it is sent again; a running request may still be written. */
  readonly signal?: AbortSignal;
}

export interface PublisherHealth {
  /** False while a record waits for too long; true again once the cause is cured. */
  readonly ready: boolean;
  readonly detail: string;
}

const overdueAfterMs = 10_000;
const mostNamed = 5;

/**
 * Writes records with `acks=all`, in the order of the calls for each key.
 *
 * A failing write is retried until it succeeds or its publish is given up, and holds up only its own partition. A record
 * that Kafka will never take is refused alone. A record may be written twice where the result of a write was unknown and a
 * part of the same batch was given up or refused, or where the broker has forgotten the producer id.
 *
 * The callers bound the memory: the queues hold the publishes that are not over, and nothing else.
 */
export class Publisher {
  private readonly maxRecordBytes: number;
  private readonly deliveryTimeoutMs: number;
  private readonly cluster: Cluster;
  private readonly sender: Sender;
  private readonly accumulator: RecordAccumulator;
  private readonly waits = new Waits();
  private readonly publishing = new Set<PendingPublish>();
  private closed = false;

  constructor(
    private readonly settings: KafkaSettings,
    { maxRecordBytes = maxBatchBytes, deliveryTimeoutMs = 30_000 }: PublisherOptions = {},
    driver: Driver = new KafkajsDriver(settings),
  ) {
    this.maxRecordBytes = maxRecordBytes;
    this.deliveryTimeoutMs = deliveryTimeoutMs;
    this.cluster = new Cluster(settings, driver, this.waits);
    this.sender = new Sender(settings, this.cluster, this.waits);
    this.accumulator = new RecordAccumulator(this.cluster, (queue) => this.sender.wake(queue), this.waits);
  }

  /** So long after its call, nothing of a publish can reach a broker, even if it was rejected. */
  get spentAfterMs(): number {
    // A request that was sent within the delivery timeout may arrive after it, until its connection is reset.
    return this.deliveryTimeoutMs + produceWithinMs;
  }

  /** Connects; throws BrokerUnreachableError after the settings' connect timeout. */
  async start(): Promise<void> {
    await connectWithin(this.settings, () => this.accumulator.open());
  }

  /** As `publishAccepted`, but rejects with RecordsRefusedError if Kafka will never take some of the records. */
  async publish(records: readonly OutgoingRecord[], options?: PublishOptions): Promise<void> {
    const refused = await this.publishAccepted(records, options);
    if (refused.length > 0) throw new RecordsRefusedError(refused);
  }

  /**
   * Resolves with the records that Kafka will never take, when all others are acknowledged. Rejects with a KafkaError when
   * it is given up: then each record may be written or not, and the caller still has them.
   */
  async publishAccepted(
    records: readonly OutgoingRecord[],
    { signal }: PublishOptions = {},
  ): Promise<readonly RefusedRecord[]> {
    if (this.closed) throw new KafkaError('KAFKA.CLOSED', true, 'The publisher is closed');
    if (records.length === 0) return [];
    const { observer } = this.settings;
    const publish = new PendingPublish(records, {
      timeoutMs: this.deliveryTimeoutMs,
      signal,
      causeOf: (topics) => this.causeOf(topics),
    });
    this.cluster.refreshIfOld();
    this.publishing.add(publish);
    try {
      this.enqueue(records, publish);
      const refused = await publish.refused;
      const [first] = refused;
      if (first) observer?.publishFailed?.({ topic: first.record.topic, records: refused.length });
      return refused;
    } catch (error) {
      observer?.publishFailed?.({ topic: publish.topics[0] ?? '', records: publish.records });
      throw error;
    } finally {
      this.publishing.delete(publish);
    }
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
   * Takes no more records, and disconnects once all publishes are over. It waits for a publish without timeout until that
   * is aborted.
   */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.publishing].map(({ refused }) => refused));
    this.waits.end();
    this.sender.close();
    this.cluster.close();
  }

  private enqueue(records: readonly OutgoingRecord[], publish: PendingPublish): void {
    try {
      for (const record of records) {
        if (publish.isOver) return;
        const bytes = sizeOf(record);
        const fault = faultOf(record, bytes, this.maxRecordBytes);
        if (fault === undefined) this.accumulator.add({ record, bytes, publish });
        else publish.refuse(record, fault);
      }
    } catch (error) {
      publish.giveUp(error);
    }
  }

  private waiting(now: number): readonly Waiting[] {
    const placed = this.accumulator.queues().map((queue) => {
      const cause = queue.failure?.cause ?? 'its broker has not answered yet';
      return { name: queue.name, cause, since: waitsSince(queue, now) };
    });
    const unplaced = this.accumulator.topicsWithoutMetadata.map(({ topic, ...rest }) => ({ name: topic, ...rest }));
    return [...placed, ...unplaced].flatMap(({ since, ...rest }) => (since === undefined ? [] : [{ ...rest, since }]));
  }

  private causeOf(topics: readonly string[]): Error | undefined {
    for (const { name, failure } of topics.flatMap((topic) => this.accumulator.queues(topic))) {
      if (failure) return new Error(`${name}: ${failure.cause}`);
    }
    const waiting = this.accumulator.topicsWithoutMetadata.find(({ topic }) => topics.includes(topic));
    return waiting && new Error(waiting.cause);
  }
}

interface Waiting {
  /** A partition, or a topic whose metadata is unknown. */
  readonly name: string;
  readonly cause: string;
  readonly since: number;
}

// A publish that is given up and comes again waits anew, and its partition is no better for it.
function waitsSince({ waitingSince, failure }: PartitionQueue, now: number): number | undefined {
  const isRecent = failure !== undefined && now - failure.at <= overdueAfterMs;
  if (!failure || (waitingSince === undefined && !isRecent)) return waitingSince;
  return Math.min(failure.since, waitingSince ?? Number.POSITIVE_INFINITY);
}
