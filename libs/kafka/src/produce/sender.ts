import type { Broker } from '../cluster/broker.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Waits } from '../cluster/waits.ts';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { BrokerConnection } from '../driver/driver.ts';
import { partitionName } from '../driver/protocol/fetched-record.ts';
import { deniedText } from '../driver/security/denied-operations.ts';
import { KafkaError } from '../errors.ts';
import { LogLimiter } from '../log-limiter.ts';
import type { KafkaSettings } from '../settings.ts';
import { maxBatchBytes, type PartitionQueue, type ProducerBatch } from './partition-queue.ts';
import { type ProduceResult, produceResultOf } from './produce-result.ts';

// How long a broker waits for its replicas before it answers, for all partitions of a request.
const acknowledgeWithinMs = 2000;
// A partition that is written within this time shares requests again.
const soundWithinMs = 1000;
// Far below a broker's `socket.request.max.bytes` of 100 MiB.
const maxRequestBytes = 16 * 1024 * 1024;

/**
 * Sends the batches of the queues, and repeats each until it is acknowledged, refused or given up.
 *
 * The healthy partitions of a broker share one request at a time. A partition whose write failed is written alone, over a
 * connection of its own, until it succeeds, so that no other partition waits for it.
 */
export class Sender {
  private readonly lines = new Map<Broker, Line>();
  /** Queues in a request, ready for the next one, or written alone. */
  private readonly busy = new Set<PartitionQueue>();
  private readonly alone = new Set<BrokerConnection>();
  private readonly logged: LogLimiter;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly cluster: Cluster,
    /** Once they are ended, nothing is sent any more. */
    private readonly waits: Waits,
  ) {
    this.logged = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('Kafka did not take the records: more lines of this were left out', { leftOut });
    });
  }

  wake(queue: PartitionQueue): void {
    if (this.busy.has(queue)) return;
    this.busy.add(queue);
    const broker = this.cluster.leaderOf(queue.topic, queue.partition);
    if (broker && queue.hasIdentity && !queue.failure) this.makeReady(queue, broker);
    else void this.sendAlone(queue);
  }

  close(): void {
    for (const connection of this.alone) connection.reset();
  }

  private makeReady(queue: PartitionQueue, broker: Broker): void {
    const line = this.lines.get(broker) ?? { ready: new Set(), isSending: false };
    this.lines.set(broker, line);
    line.ready.add(queue);
    if (line.isSending) return;
    line.isSending = true;
    void this.sendReady(broker, line);
  }

  private async sendReady(broker: Broker, line: Line): Promise<void> {
    while (line.ready.size > 0) {
      // Callers that waited for the last request publish again in this turn of the event loop, and share the next request.
      // Sent at once, requests would be twice as many, of half the size.
      await nextTurn();
      await this.sendShared(broker, line.ready);
    }
    // In the same tick, so that the next record starts the next request.
    line.isSending = false;
  }

  private async sendShared(broker: Broker, ready: Line['ready']): Promise<void> {
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
    // At the last moment: a publish may be given up at any time.
    const batches = this.take(ready);
    if (batches.length > 0) await this.write(connection, batches);
    this.release(batches.map(({ queue }) => queue));
  }

  // Behind the queues that were not in this request.
  private release(queues: readonly PartitionQueue[]): void {
    for (const queue of queues) {
      this.busy.delete(queue);
      if (!queue.isEmpty && !this.waits.ended) this.wake(queue);
    }
  }

  private take(ready: Set<PartitionQueue>): ProducerBatch[] {
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
    if (own) this.leave(own.connection);
    this.release([queue]);
  }

  private async connectionFor(queue: PartitionQueue, before: OwnConnection | undefined): Promise<OwnConnection> {
    const { topic, partition, failure } = queue;
    if (failure) await this.cluster.refreshedSince(failure.at);
    if (!queue.hasIdentity) queue.assume(await this.cluster.newIdentity());
    const broker = this.cluster.leaderOf(topic, partition);
    if (!broker) throw new KafkaError('KAFKA.DELIVERY_FAILED', true, this.cluster.absenceOf(topic, partition));
    if (before?.broker === broker && before.connection.isOpen) return before;
    if (before) this.leave(before.connection);
    const connection = await broker.openAnother();
    this.alone.add(connection);
    return { broker, connection };
  }

  private leave(connection: BrokerConnection): void {
    this.alone.delete(connection);
    connection.reset();
  }

  private async writeAlone(queue: PartitionQueue, connection: BrokerConnection): Promise<boolean> {
    const batch = queue.next();
    // The batch was given up meanwhile, together with its sequence numbers.
    if (!batch || !queue.hasIdentity) return false;
    const startedAt = performance.now();
    const [result] = await this.write(connection, [batch]);
    if (result !== 'written') return false;
    const now = performance.now();
    const tookMs = Math.round(now - startedAt);
    const isSound = tookMs < soundWithinMs;
    const cause = `written only after ${tookMs} ms`;
    queue.failure = isSound ? undefined : { failures: 0, cause, since: now, at: now, retryAt: now };
    return isSound;
  }

  /** Never rejects: a failure counts for each of these partitions. */
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
    const isDenied = error === 'TOPIC_AUTHORIZATION_FAILED';
    const cause = isDenied ? deniedText('Write', 'topic', queue.topic) : error;
    const at = performance.now();
    const { failures: before, since } = queue.failure ?? { failures: 0, since: at };
    const failures = before + 1;
    queue.failure = { failures, cause, since, at, retryAt: at + backoffMs(failures, 100, 1000) };
    if (!this.logged.admits('not taken')) return;
    const { topic, partition } = queue;
    this.settings.log.warn('Kafka did not take the records, trying again', {
      topic,
      partition,
      failures,
      error: cause,
    });
  }
}

/** The queues that are ready to share the next request to a broker. */
interface Line {
  readonly ready: Set<PartitionQueue>;
  isSending: boolean;
}

interface OwnConnection {
  readonly broker: Broker;
  readonly connection: BrokerConnection;
}

/** It is one record, which goes alone and compressed. */
const isOversized = ({ bytes }: ProducerBatch): boolean => bytes > maxBatchBytes;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
