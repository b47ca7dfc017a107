import type { Cluster } from '../cluster/cluster.ts';
import type { SharedConnection } from '../cluster/shared-connection.ts';
import type { Waits } from '../cluster/waits.ts';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { BrokerConnection } from '../driver/driver.ts';
import { partitionName } from '../driver/protocol/fetched-record.ts';
import { topicFaultOf } from '../driver/security/denied-operations.ts';
import { KafkaError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { maxBatchBytes, type PartitionQueue, type ProducerBatch, type WriteFailure } from './partition-queue.ts';
import { produceResultOf } from './produce-result.ts';

// How long a broker waits for its in-sync replicas before it answers. One slow partition delays its whole request.
const acknowledgeWithinMs = 2000;
// A partition whose write takes less than this shares requests again.
const healthyWithinMs = 1000;
// Far below a broker's default `socket.request.max.bytes` of 100 MiB.
const maxRequestBytes = 16 * 1024 * 1024;

/**
 * Sends the batches of the queues, and retries each batch until it is acknowledged, refused or given up.
 *
 * A broker has two streams of requests, each with its own connection and one request at a time: one for its healthy partitions, and one for those
 * whose write failed, until a write succeeds quickly, so that no healthy partition waits for them.
 */
export class Sender {
  /** By the connection of the stream. */
  private readonly streams = new Map<SharedConnection, Stream>();
  /** The queues that are in a request, in a stream, or waiting for their next attempt. */
  private readonly busy = new Set<PartitionQueue>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly cluster: Cluster,
    /** Once these have ended, the sender sends nothing more. */
    private readonly waits: Waits,
  ) {}

  wake(queue: PartitionQueue): void {
    if (this.busy.has(queue)) return;
    this.busy.add(queue);
    const broker = this.cluster.leaderOf(queue.topic, queue.partition);
    if (broker && queue.hasIdentity && !queue.failure) this.lineUp(queue, broker.shared);
    else void this.tryAgain(queue);
  }

  private async tryAgain(queue: PartitionQueue): Promise<void> {
    const { topic, partition, failure } = queue;
    await this.waits.for((failure?.retryAt ?? 0) - performance.now());
    // A partition may wait for hours, and publishes are given up meanwhile.
    queue.prune();
    try {
      if (queue.next() && !this.waits.ended) {
        if (failure) await this.cluster.refreshedSince(failure.at);
        if (!queue.hasIdentity) queue.useIdentity(await this.cluster.newIdentity());
        const broker = this.cluster.leaderOf(topic, partition);
        if (!broker) throw new KafkaError('KAFKA.DELIVERY_FAILED', true, this.cluster.absenceOf(topic, partition));
        this.lineUp(queue, broker.retries);
        return;
      }
    } catch (error) {
      this.fail(queue, messageOf(error));
    }
    this.release([queue]);
  }

  private lineUp(queue: PartitionQueue, connection: SharedConnection): void {
    const stream = this.streams.get(connection) ?? { ready: new Set(), isSending: false };
    this.streams.set(connection, stream);
    stream.ready.add(queue);
    if (stream.isSending) return;
    stream.isSending = true;
    void this.sendReady(connection, stream);
  }

  private async sendReady(connection: SharedConnection, stream: Stream): Promise<void> {
    while (stream.ready.size > 0) {
      // Callers that waited for the previous request publish again in this turn of the event loop, and so share the
      // next request. Sending at once would need twice as many requests, of half the size.
      await nextTurn();
      await this.send(connection, stream.ready);
    }
    // No `await` may come between the last check and this line: a queue that became ready there would not be sent.
    stream.isSending = false;
  }

  private async send(shared: SharedConnection, ready: Stream['ready']): Promise<void> {
    let connection: BrokerConnection;
    try {
      connection = await shared.open();
    } catch (error) {
      const waiting = [...ready];
      ready.clear();
      for (const queue of waiting) this.fail(queue, messageOf(error));
      this.release(waiting);
      return;
    }
    // Batches are taken only once the connection is open, because a publish may be given up at any time.
    const batches = this.takeBatches(ready);
    if (batches.length > 0) await this.write(connection, batches);
    this.release(batches.map(({ queue }) => queue));
  }

  // A queue with more records lines up behind the queues that were not in this request.
  private release(queues: readonly PartitionQueue[]): void {
    for (const queue of queues) {
      this.busy.delete(queue);
      if (!queue.isEmpty && !this.waits.ended) this.wake(queue);
    }
  }

  private takeBatches(ready: Set<PartitionQueue>): ProducerBatch[] {
    const batches: ProducerBatch[] = [];
    let room = maxRequestBytes;
    for (const queue of ready) {
      const batch = queue.next();
      if (batch && batches.length > 0 && (isOversized(batch) || batch.bytes > room)) break;
      ready.delete(queue);
      // The publishes of its batch were given up meanwhile, and perhaps with them the producer id.
      if (!batch || !queue.hasIdentity) {
        this.release([queue]);
        continue;
      }
      batches.push(batch);
      room -= batch.bytes;
      if (isOversized(batch)) break;
    }
    return batches;
  }

  /** Writes the batches in one request. Never rejects: an error counts as a failure of each of these partitions. */
  private async write(connection: BrokerConnection, batches: readonly ProducerBatch[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const parts = batches.map((batch) => batch.queue.partOf(batch));
      const compressed = batches.some(isOversized);
      const answers = await connection.produce(parts, { compressed, acknowledgeWithinMs });
      const errors = new Map(answers.map((answer) => [partitionName(answer), answer.error]));
      const errorOf = (name: string) =>
        errors.has(name) ? errors.get(name) : 'the response has no result for this partition';
      for (const batch of batches) this.apply(batch, errorOf(batch.queue.name), startedAt);
    } catch (error) {
      for (const batch of batches) this.apply(batch, messageOf(error), startedAt);
    }
  }

  private apply(batch: ProducerBatch, error: string | undefined, startedAt: number): void {
    const { queue, entries, bytes } = batch;
    const result = produceResultOf(error);
    if (result === 'written') {
      if (queue.failure) queue.failure = slownessOf(startedAt);
      queue.acknowledge();
      this.settings.observer?.published?.({ topic: queue.topic, records: entries.length, bytes });
    } else if (result === 'refused') {
      queue.refuse(error ?? '');
    } else {
      if (result === 'unknown-producer') queue.forgetIdentity();
      else batch.maybeWritten = true;
      this.fail(queue, error ?? '');
    }
  }

  private fail(queue: PartitionQueue, error: string): void {
    const cause = messageOf(topicFaultOf(error, 'Write', queue.topic));
    const at = performance.now();
    const { failures: previousFailures, since } = queue.failure ?? { failures: 0, since: at };
    const failures = previousFailures + 1;
    queue.failure = { failures, cause, since, at, retryAt: at + backoffMs(failures, 100, 1000) };
    const { topic, partition } = queue;
    const fields = { topic, partition, failures, error: cause };
    this.settings.log.warn('records not accepted by Kafka; retrying', fields);
  }
}

/** The queues that wait to share the next request of a connection. */
interface Stream {
  readonly ready: Set<PartitionQueue>;
  isSending: boolean;
}

/** Returns why a partition that was written just now is no healthy one yet; undefined if it is. */
function slownessOf(startedAt: number): WriteFailure | undefined {
  const now = performance.now();
  const tookMs = Math.round(now - startedAt);
  if (tookMs < healthyWithinMs) return undefined;
  return { failures: 0, cause: `the last write took ${tookMs} ms`, since: now, at: now, retryAt: now };
}

/** Returns whether the batch is a single large record, which is sent alone and compressed. */
const isOversized = ({ bytes }: ProducerBatch): boolean => bytes > maxBatchBytes;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
