import { setTimeout as delay } from 'node:timers/promises';
import { Accumulator, batchOverheadBytes, bytesOf, type Chunk, type Entry, sizeOf } from './accumulator.ts';
import { backoffMs, connectWithin, longestRequestMs, messageOf, rootCause, withAdmin } from './client.ts';
import { PendingDelivery } from './delivery.ts';
import { KafkaError, MissingTopicsError, RecordTooLargeError } from './errors.ts';
import { partitionFor } from './partitioner.ts';
import { ProducerSession } from './producer-session.ts';
import type { OutgoingRecord } from './record.ts';
import { blameOf, partsOf, refusalOf } from './refusal.ts';
import type { KafkaSettings } from './settings.ts';
import { partitionCounts } from './topics.ts';

export interface PublisherOptions {
  /** The most bytes in one record batch, which the topic's `max.message.bytes` must allow. Default 900 KB. */
  readonly maxBatchBytes?: number;
  /** A larger record is refused. One between `maxBatchBytes` and this goes alone, compressed. Default `maxBatchBytes`. */
  readonly maxRecordBytes?: number;
  /** The most records in one record batch. Default 1000. */
  readonly maxRecordsPerPartition?: number;
  /** After this a publish is rejected. Default 30 s. */
  readonly deliveryTimeoutMs?: number;
}

// Far below a broker's `socket.request.max.bytes` of 100 MiB.
const maxRequestBytes = 16 * 1024 * 1024;

/** Records of one delivery that wait for their partitions. */
interface Parcel {
  readonly entries: readonly Entry<PendingDelivery>[];
  readonly delivery: PendingDelivery;
}

/**
 * Writes records so that they survive: acknowledged by every in-sync replica, in the order of the calls for each key.
 *
 * Calls made while a request is on its way share the next one; one request is in flight. After a failure the same
 * records are sent again until their publish times out, by a new producer if need be, so a record may be written twice.
 */
export class Publisher {
  private readonly options: Required<PublisherOptions>;
  private readonly accumulator: Accumulator<PendingDelivery>;
  private readonly counts = new Map<string, number>();
  private readonly inbox: Parcel[] = [];
  private readonly publishing = new Set<Promise<void>>();
  private session: Promise<ProducerSession> | undefined;
  private pumping: Promise<void> | undefined;
  private failures = 0;
  private lastFailure: unknown;
  private closed = false;

  constructor(
    private readonly settings: KafkaSettings,
    options: PublisherOptions = {},
  ) {
    const maxBatchBytes = options.maxBatchBytes ?? 900_000;
    const defaults = { maxRecordBytes: maxBatchBytes, maxRecordsPerPartition: 1000, deliveryTimeoutMs: 30_000 };
    this.options = { ...defaults, ...options, maxBatchBytes };
    this.accumulator = new Accumulator({ ...this.options, maxRequestBytes: Math.max(maxRequestBytes, maxBatchBytes) });
  }

  /** So long after its call, nothing of a publish can reach a broker any more, also if it was rejected. */
  get spentAfterMs(): number {
    // A request that was sent within the delivery timeout may be answered, or arrive, after it.
    return this.options.deliveryTimeoutMs + longestRequestMs;
  }

  /** Connects; throws BrokerUnreachableError after the settings' connect timeout. */
  async start(): Promise<void> {
    await connectWithin(this.settings, () => this.open());
  }

  /**
   * Resolves when all records are acknowledged. Rejects with a KafkaError if one of them was not: the others may have
   * been written or not, and the caller, who still has them, decides. A refused record rejects before anything is sent.
   */
  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0 && !this.closed) return;
    const delivery = this.begin();
    const outcome = this.outcomeOf(delivery);
    try {
      this.hand(records, delivery);
      delivery.whole();
    } catch (error) {
      delivery.reject(error);
    }
    await outcome;
  }

  /**
   * The same for records that are still being made: each part is on its way while the next one is awaited.
   *
   * If the making of a part throws, or a record is refused, nothing more is sent and it rejects with that error.
   */
  async publishParts(parts: AsyncIterable<readonly OutgoingRecord[]>): Promise<void> {
    const delivery = this.begin();
    const outcome = this.outcomeOf(delivery);
    // It may settle before it is awaited.
    outcome.catch(() => undefined);
    try {
      for await (const records of parts) {
        if (delivery.settled) break;
        this.hand(records, delivery);
      }
      delivery.whole();
    } catch (error) {
      delivery.reject(error);
    }
    await outcome;
  }

  /** Delivers or times out what was published, then disconnects; a later publish is rejected. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.publishing);
    await this.pumping;
    await this.discardSession();
  }

  private begin(): PendingDelivery {
    if (this.closed) throw new KafkaError('KAFKA.CLOSED', true, 'The publisher is closed');
    const delivery = new PendingDelivery(this.options.deliveryTimeoutMs, () => this.lastFailure);
    const { settles } = delivery;
    this.publishing.add(settles);
    const forget = () => this.publishing.delete(settles);
    settles.then(forget, forget);
    return delivery;
  }

  private async outcomeOf(delivery: PendingDelivery): Promise<void> {
    try {
      await delivery.settles;
    } catch (error) {
      const [topic = ''] = delivery.topics;
      this.settings.observer?.publishFailed?.({ topic, records: delivery.records });
      throw error;
    }
  }

  private hand(records: readonly OutgoingRecord[], delivery: PendingDelivery): void {
    delivery.add(records);
    const entries = records.map((record) => this.entryOf(record, delivery));
    this.inbox.push({ entries, delivery });
    this.pumping ??= this.pump();
  }

  private entryOf(record: OutgoingRecord, delivery: PendingDelivery): Entry<PendingDelivery> {
    const bytes = sizeOf(record);
    const { maxRecordBytes } = this.options;
    if (bytes + batchOverheadBytes <= maxRecordBytes) {
      return { record, partition: 0, bytes, delivery, acknowledged: false };
    }
    throw new RecordTooLargeError(record.topic, bytes, `the bound of ${maxRecordBytes}`);
  }

  private async pump(): Promise<void> {
    while (this.inbox.length > 0 || !this.accumulator.isEmpty) {
      // Calls of one tick share a request.
      await null;
      let chunks: Chunk<PendingDelivery>[] = [];
      try {
        await this.admit();
        chunks = this.accumulator.take();
        if (chunks.length > 0) await this.send(chunks);
        this.failures = 0;
      } catch (error) {
        // What was not acknowledged goes to the heads of its queues and is sent again until its publish times out.
        this.accumulator.putBack(chunks);
        await this.recover(error);
      }
    }
    this.pumping = undefined;
  }

  /** Gives each waiting record its partition, in the order of the calls. */
  private async admit(): Promise<void> {
    for (let next = this.inbox[0]; next; next = this.inbox[0]) {
      const { entries, delivery } = next;
      if (!delivery.settled) {
        const missing = await this.missing(delivery.topics);
        if (missing.length > 0) delivery.reject(new MissingTopicsError(missing));
        else for (const entry of entries) this.admitOne(entry);
      }
      this.inbox.shift();
    }
  }

  private async missing(topics: readonly string[]): Promise<string[]> {
    const isUnknown = (topic: string) => !this.counts.has(topic);
    if (topics.some(isUnknown)) {
      const counts = await withAdmin({ ...this.settings, connectTimeoutMs: 0 }, partitionCounts);
      for (const [topic, count] of counts) this.counts.set(topic, count);
    }
    return topics.filter(isUnknown);
  }

  private admitOne(entry: Entry<PendingDelivery>): void {
    const { key, topic, partition } = entry.record;
    const count = this.counts.get(topic) ?? 1;
    entry.partition = partition ?? (key === null ? Math.floor(Math.random() * count) : partitionFor(key, count));
    if (entry.partition >= count) {
      const reason = `${topic} has no partition ${entry.partition}`;
      entry.delivery.reject(new KafkaError('KAFKA.DELIVERY_FAILED', false, reason));
    }
    this.accumulator.add(entry);
  }

  // A refusal is the fault of one record or topic, and kafkajs fails the whole request for it: the parts go again one
  // by one, with the same sequence numbers, until the culprit stands alone and only its publish is rejected.
  private async send(chunks: readonly Chunk<PendingDelivery>[]): Promise<void> {
    try {
      await (await this.open()).send(chunks, deadlineOf(chunks));
    } catch (error) {
      const blame = blameOf(error);
      if (!blame) throw error;
      const parts = partsOf(chunks, blame);
      for (const part of parts) await this.send(part);
      if (parts.length === 0) for (const chunk of chunks) refuse(chunk, error);
      return;
    }
    for (const chunk of chunks) this.acknowledge(chunk);
  }

  private acknowledge(chunk: Chunk<PendingDelivery>): void {
    for (const entry of chunk.entries) {
      entry.acknowledged = true;
      entry.delivery.acknowledged();
    }
    const { topic, entries } = chunk;
    this.settings.observer?.published?.({ topic, records: entries.length, bytes: bytesOf(chunk) });
  }

  private async recover(error: unknown): Promise<void> {
    this.failures += 1;
    this.lastFailure = rootCause(error);
    await this.discardSession();
    this.settings.log.warn('Kafka did not take the records, trying again', { error: messageOf(this.lastFailure) });
    await delay(backoffMs(this.failures, 100, 1000));
  }

  private open(): Promise<ProducerSession> {
    if (this.session) return this.session;
    const retries = 5 + Math.ceil(this.options.deliveryTimeoutMs / 1000);
    const options = { retries, compressAboveBytes: this.options.maxBatchBytes };
    const session = ProducerSession.open(this.settings, options, (topic, count) => this.counts.set(topic, count));
    this.session = session;
    // Whoever asked hears of the failure; the next one who asks tries anew.
    session.catch(() => {
      if (this.session === session) this.session = undefined;
    });
    return session;
  }

  private async discardSession(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    // One that did not open has nothing to close.
    (await session?.catch(() => undefined))?.close();
  }
}

const deadlineOf = (chunks: readonly Chunk<PendingDelivery>[]): number =>
  Math.max(...chunks.map(({ entries }) => Math.max(...entries.map(({ delivery }) => delivery.deadline))));

function refuse(chunk: Chunk<PendingDelivery>, error: unknown): void {
  for (const { delivery } of chunk.entries) delivery.reject(refusalOf(chunk, error));
}
