import type { Broker } from '../cluster/broker.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Waits } from '../cluster/waits.ts';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { BrokerConnection } from '../driver/driver.ts';
import { partitionName } from '../driver/protocol/fetched-record.ts';
import { topicFaultOf } from '../driver/security/denied-operations.ts';
import { KafkaError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { maxBatchBytes, type PartitionQueue, type ProducerBatch } from './partition-queue.ts';
import { type ProduceResult, produceResultOf } from './produce-result.ts';

// How long a broker waits for its in-sync replicas before it answers. One slow partition delays its whole request.
const acknowledgeWithinMs = 2000;
// A partition whose write takes less than this shares requests again.
const healthyWithinMs = 1000;
// Far below a broker's default `socket.request.max.bytes` of 100 MiB.
const maxRequestBytes = 16 * 1024 * 1024;

/**
 * Sends the batches of the queues, and retries each batch until it is acknowledged, refused or given up.
 *
 * The healthy partitions of a broker share one request at a time. A partition whose write failed is written alone, over
 * its own connection, until a write succeeds quickly, so that no other partition waits for it.
 */
export class Sender {
  private readonly brokerQueues = new Map<Broker, BrokerQueue>();
  /** The queues that are in a request, ready for the next request, or written alone. */
  private readonly busy = new Set<PartitionQueue>();
  private readonly ownConnections = new Set<BrokerConnection>();

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
    if (broker && queue.hasIdentity && !queue.failure) this.makeReady(queue, broker);
    else void this.sendAlone(queue);
  }

  close(): void {
    for (const connection of this.ownConnections) connection.reset();
  }

  private makeReady(queue: PartitionQueue, broker: Broker): void {
    const brokerQueue = this.brokerQueues.get(broker) ?? { ready: new Set(), isSending: false };
    this.brokerQueues.set(broker, brokerQueue);
    brokerQueue.ready.add(queue);
    if (brokerQueue.isSending) return;
    brokerQueue.isSending = true;
    void this.sendReady(broker, brokerQueue);
  }

  private async sendReady(broker: Broker, brokerQueue: BrokerQueue): Promise<void> {
    while (brokerQueue.ready.size > 0) {
      // Callers that waited for the previous request publish again in this turn of the event loop, and so share the
      // next request. Sending at once would need twice as many requests, of half the size.
      await nextTurn();
      await this.sendShared(broker, brokerQueue.ready);
    }
    // No `await` may come between the last check and this line: a queue that became ready there would not be sent.
    brokerQueue.isSending = false;
  }

  private async sendShared(broker: Broker, ready: BrokerQueue['ready']): Promise<void> {
    let connection: BrokerConnection;
    try {
      connection = await broker.shared.open();
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
      if (!batch) {
        this.busy.delete(queue);
        continue;
      }
      batches.push(batch);
      room -= batch.bytes;
      if (isOversized(batch)) break;
    }
    return batches;
  }

  private async sendAlone(queue: PartitionQueue): Promise<void> {
    let own: OwnConnection | undefined;
    while (!this.waits.ended) {
      const waitMs = (queue.failure?.retryAt ?? 0) - performance.now();
      if (waitMs > 0) {
        await this.waits.for(waitMs);
        queue.prune();
      }
      if (!queue.next()) break;
      try {
        own = await this.connectionFor(queue, own);
        if (await this.writeAlone(queue, own.connection)) break;
      } catch (error) {
        this.fail(queue, messageOf(error));
      }
    }
    if (own) this.closeOwn(own.connection);
    this.release([queue]);
  }

  private async connectionFor(queue: PartitionQueue, previous: OwnConnection | undefined): Promise<OwnConnection> {
    const { topic, partition, failure } = queue;
    if (failure) await this.cluster.refreshedSince(failure.at);
    if (!queue.hasIdentity) queue.useIdentity(await this.cluster.newIdentity());
    const broker = this.cluster.leaderOf(topic, partition);
    if (!broker) throw new KafkaError('KAFKA.DELIVERY_FAILED', true, this.cluster.absenceOf(topic, partition));
    if (previous?.broker === broker && previous.connection.isOpen) return previous;
    if (previous) this.closeOwn(previous.connection);
    const connection = await broker.openAnother();
    this.ownConnections.add(connection);
    return { broker, connection };
  }

  private closeOwn(connection: BrokerConnection): void {
    this.ownConnections.delete(connection);
    connection.reset();
  }

  private async writeAlone(queue: PartitionQueue, connection: BrokerConnection): Promise<boolean> {
    const batch = queue.next();
    // The publishes of the batch were given up meanwhile, and with them the producer id.
    if (!batch || !queue.hasIdentity) return false;
    const startedAt = performance.now();
    const [result] = await this.write(connection, [batch]);
    if (result !== 'written') return false;
    const now = performance.now();
    const tookMs = Math.round(now - startedAt);
    const isHealthy = tookMs < healthyWithinMs;
    const cause = `written only after ${tookMs} ms`;
    queue.failure = isHealthy ? undefined : { failures: 0, cause, since: now, at: now, retryAt: now };
    return isHealthy;
  }

  /** Writes the batches in one request. Never rejects: an error counts as a failure of each of these partitions. */
  private async write(connection: BrokerConnection, batches: readonly ProducerBatch[]): Promise<ProduceResult[]> {
    try {
      const parts = batches.map((batch) => batch.queue.partOf(batch));
      const compressed = batches.some(isOversized);
      const answers = await connection.produce(parts, { compressed, acknowledgeWithinMs });
      const errors = new Map(answers.map((answer) => [partitionName(answer), answer.error]));
      const errorOf = (name: string) => (errors.has(name) ? errors.get(name) : 'the broker did not answer for it');
      return batches.map((batch) => this.apply(batch, errorOf(batch.queue.name)));
    } catch (error) {
      return batches.map((batch) => this.apply(batch, messageOf(error)));
    }
  }

  private apply(batch: ProducerBatch, error: string | undefined): ProduceResult {
    const { queue, entries, bytes } = batch;
    const result = produceResultOf(error);
    if (result === 'written') {
      queue.acknowledge();
      this.settings.observer?.published?.({ topic: queue.topic, records: entries.length, bytes });
    } else if (result === 'refused') {
      queue.refuse(error ?? '');
    } else {
      if (result === 'unknown-producer') queue.forgetIdentity();
      else batch.maybeWritten = true;
      this.fail(queue, error ?? '');
    }
    return result;
  }

  private fail(queue: PartitionQueue, error: string): void {
    const cause = messageOf(topicFaultOf(error, 'Write', queue.topic));
    const at = performance.now();
    const { failures: previousFailures, since } = queue.failure ?? { failures: 0, since: at };
    const failures = previousFailures + 1;
    queue.failure = { failures, cause, since, at, retryAt: at + backoffMs(failures, 100, 1000) };
    const { topic, partition } = queue;
    const fields = { topic, partition, failures, error: cause };
    this.settings.log.warn('Kafka did not accept the records, retrying', fields);
  }
}

/** The queues that wait to share the next request to a broker. */
interface BrokerQueue {
  readonly ready: Set<PartitionQueue>;
  isSending: boolean;
}

interface OwnConnection {
  readonly broker: Broker;
  readonly connection: BrokerConnection;
}

/** Returns whether the batch is a single large record, which is sent alone and compressed. */
const isOversized = ({ bytes }: ProducerBatch): boolean => bytes > maxBatchBytes;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
