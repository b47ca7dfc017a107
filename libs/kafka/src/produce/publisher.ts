import { Cluster } from '../cluster/cluster.ts';
import { Waits } from '../cluster/waits.ts';
import { connectWithin } from '../driver/client.ts';
import type { Driver } from '../driver/driver.ts';
import { KafkajsDriver, produceWithinMs } from '../driver/kafkajs-driver.ts';
import { KafkaError, RecordsRefusedError, type RefusedRecord } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import { faultOf, sizeOf } from '../record-size.ts';
import type { KafkaSettings } from '../settings.ts';
import { maxBatchBytes, type PartitionQueue } from './partition-queue.ts';
import { PendingPublish } from './pending-publish.ts';
import { RecordAccumulator } from './record-accumulator.ts';
import { Sender } from './sender.ts';

export interface PublisherOptions {
  /** The maximum size of a record in bytes. A record above 900 KB is sent alone, compressed. Default 900 KB. */
  readonly maxRecordBytes?: number;
  /** How long a publish may take before it is rejected; Infinity: no limit. Default 30 s. */
  readonly deliveryTimeoutMs?: number;
}

export interface PublishOptions {
  /** Aborting rejects the publish and stops its retries; a request in flight may still be written. */
  readonly signal?: AbortSignal;
}

export interface PublisherHealth {
  /** False while a record has waited for more than 10 s. */
  readonly ready: boolean;
  readonly detail: string;
}

const overdueAfterMs = 10_000;
const maxNamed = 5;

/**
 * Writes records with `acks=all`, for each key in the order of the calls.
 *
 * A failed write is retried until it succeeds or its publish is given up, and delays only its own partition. A record
 * that Kafka will never accept is refused alone. A record may be written twice if the result of a write was unknown and
 * part of the same batch was given up or refused, or if the broker has forgotten the producer id.
 *
 * The queues hold only the records of publishes that are not over, so the callers bound the memory.
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

  /** How long after the call a record can still reach a broker, even if its publish was rejected. */
  get spentAfterMs(): number {
    // A request that was sent within the delivery timeout may arrive later, until its connection is reset.
    return this.deliveryTimeoutMs + produceWithinMs;
  }

  /** Connects; throws BrokerUnreachableError after the settings' connect timeout. */
  async start(): Promise<void> {
    await connectWithin(this.settings, () => this.accumulator.open());
  }

  /** Like `publishAccepted`, but rejects with RecordsRefusedError if Kafka will never accept some of the records. */
  async publish(records: readonly OutgoingRecord[], options?: PublishOptions): Promise<void> {
    const refused = await this.publishAccepted(records, options);
    if (refused.length > 0) throw new RecordsRefusedError(refused);
  }

  /**
   * Resolves with the records that Kafka will never accept, once all others are acknowledged. Rejects with a KafkaError
   * if the publish is given up: any of its records may then be in the log or not.
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
    if (overdue.length === 0) return { ready: true, detail: 'no overdue records' };
    const rest = overdue.length > maxNamed ? [`and ${overdue.length - maxNamed} more`] : [];
    return { ready: false, detail: [...overdue.slice(0, maxNamed), ...rest].join('; ') };
  }

  /**
   * Rejects new publishes, and disconnects once all running ones are over. Waits forever for a publish without a
   * timeout, unless it is aborted.
   */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.publishing].map(({ refused }) => refused));
    this.waits.end();
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
    const queued = this.accumulator.queues().map((queue) => {
      const cause = queue.failure?.cause ?? 'the broker has not answered yet';
      return { name: queue.name, cause, since: waitingSinceOf(queue, now) };
    });
    const unplaced = this.accumulator.topicsWithoutMetadata.map(({ topic, ...rest }) => ({ name: topic, ...rest }));
    return [...queued, ...unplaced].flatMap(({ since, ...rest }) => (since === undefined ? [] : [{ ...rest, since }]));
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
  /** The name of a partition, or of a topic without metadata. */
  readonly name: string;
  readonly cause: string;
  readonly since: number;
}

// A publish that was given up and is called again is young, although its partition has failed for longer.
function waitingSinceOf({ waitingSince, failure }: PartitionQueue, now: number): number | undefined {
  const isRecent = failure !== undefined && now - failure.at <= overdueAfterMs;
  if (!failure || (waitingSince === undefined && !isRecent)) return waitingSince;
  return Math.min(failure.since, waitingSince ?? Number.POSITIVE_INFINITY);
}
