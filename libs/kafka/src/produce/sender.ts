import { backoffMs, messageOf } from '../driver/client.ts';
import type { BrokerLink } from '../driver/driver.ts';
import { KafkaError } from '../errors.ts';
import { LogLimiter } from '../log-limiter.ts';
import type { KafkaSettings } from '../settings.ts';
import type { Station } from './broker.ts';
import type { Cluster } from './cluster.ts';
import type { Chunk, PartitionQueue } from './partition-queue.ts';
import { type Meaning, meaningOf } from './produce-result.ts';
import type { Waits } from './waits.ts';

// A broker that waits for its replicas answers for the partitions that wait, and for those that do not, after this.
const acknowledgeWithinMs = 2000;
// A partition that was written alone shares requests again when it does not hold them up.
const soundWithinMs = 1000;
// Far below a broker's `socket.request.max.bytes` of 100 MiB.
const maxRequestBytes = 16 * 1024 * 1024;

/** Why the last write of a partition failed. */
export interface Trouble {
  readonly failures: number;
  /** By the protocol's name where there is one. */
  readonly cause: string;
  /** When the first write failed since one did well, and when the last; by the steady clock, in ms. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}

/**
 * Sends what waits in the queues, and again until it is acknowledged, refused or given up.
 *
 * The healthy partitions of a broker share a request, one of which is under way. One whose write failed goes alone, over
 * a connection of its own, until it succeeds: whatever it waits for, its neighbours do not wait with it.
 */
export class Sender {
  private readonly troubles = new Map<PartitionQueue, Trouble>();
  /** Queues that are being seen to: in a request, ready for the next one, or alone. */
  private readonly busy = new Set<PartitionQueue>();
  /** The connections of those that go alone. */
  private readonly alone = new Set<BrokerLink>();
  private readonly logged: LogLimiter;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly cluster: Cluster,
    /** Once they are ended, nothing is sent any more. */
    private readonly waits: Waits,
    /** A larger chunk is one record, which goes compressed. */
    private readonly compressAboveBytes: number,
  ) {
    this.logged = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('Kafka did not take the records: more lines of this were left out', { leftOut });
    });
  }

  /** Something was added to the queue. */
  wake(queue: PartitionQueue): void {
    if (this.busy.has(queue)) return;
    this.busy.add(queue);
    const station = this.cluster.leaderOf(queue.topic, queue.partition);
    if (station && queue.hasIdentity && !this.troubles.has(queue)) this.makeReady(queue, station);
    else void this.sendAlone(queue);
  }

  /** What is wrong with the queue's partition; undefined if its last write did well. */
  troubleOf(queue: PartitionQueue): Trouble | undefined {
    return this.troubles.get(queue);
  }

  /** Once nothing is sent any more: ends the connections of those that go alone, whatever they wait for. */
  close(): void {
    for (const link of this.alone) link.reset();
  }

  private makeReady(queue: PartitionQueue, station: Station): void {
    station.ready.add(queue);
    if (station.isServed) return;
    station.isServed = true;
    void this.serve(station);
  }

  private async serve(station: Station): Promise<void> {
    while (station.ready.size > 0) {
      // Calls of one tick share a request.
      await null;
      await this.sendShared(station);
    }
    // In the same tick, so that the next record starts the next request.
    station.isServed = false;
  }

  private async sendShared(station: Station): Promise<void> {
    let link: BrokerLink;
    try {
      link = await station.shared.open();
    } catch (error) {
      const waiting = [...station.ready];
      station.ready.clear();
      for (const queue of waiting) this.fail(queue, messageOf(error));
      this.release(waiting);
      return;
    }
    // Taken at the last moment: a publish may be given up at any time.
    const chunks = this.take(station.ready);
    if (chunks.length > 0) await this.write(link, chunks);
    this.release(chunks.map(({ queue }) => queue));
  }

  // Behind those that were not in this request.
  private release(queues: readonly PartitionQueue[]): void {
    for (const queue of queues) {
      this.busy.delete(queue);
      if (!queue.isEmpty && !this.waits.ended) this.wake(queue);
    }
  }

  private take(ready: Set<PartitionQueue>): Chunk[] {
    const chunks: Chunk[] = [];
    let room = maxRequestBytes;
    for (const queue of ready) {
      const chunk = queue.next();
      const isOversized = chunk !== undefined && chunk.bytes > this.compressAboveBytes;
      if (chunk && chunks.length > 0 && (isOversized || chunk.bytes > room)) break;
      ready.delete(queue);
      if (!chunk) {
        this.busy.delete(queue);
        continue;
      }
      chunks.push(chunk);
      room -= chunk.bytes;
      if (isOversized) break;
    }
    return chunks;
  }

  private async sendAlone(queue: PartitionQueue): Promise<void> {
    let way: Way | undefined;
    while (!this.waits.ended) {
      const waitMs = (this.troubles.get(queue)?.retryAt ?? 0) - performance.now();
      if (waitMs > 0) {
        await this.waits.for(waitMs);
        queue.prune();
      }
      if (!queue.next()) break;
      try {
        way = await this.wayFor(queue, way);
        if (await this.writeAlone(queue, way.link)) break;
      } catch (error) {
        this.fail(queue, messageOf(error));
      }
    }
    if (way) this.leave(way.link);
    this.release([queue]);
  }

  private async wayFor(queue: PartitionQueue, before: Way | undefined): Promise<Way> {
    const { topic, partition } = queue;
    const trouble = this.troubles.get(queue);
    if (trouble) await this.cluster.refreshedSince(trouble.at);
    if (!queue.hasIdentity) queue.assume(await this.cluster.newIdentity());
    const station = this.cluster.leaderOf(topic, partition);
    if (!station) throw new KafkaError('KAFKA.DELIVERY_FAILED', true, this.cluster.absenceOf(topic, partition));
    if (before?.station === station && before.link.isOpen) return before;
    if (before) this.leave(before.link);
    const link = await station.openAnother();
    this.alone.add(link);
    return { station, link };
  }

  private leave(link: BrokerLink): void {
    this.alone.delete(link);
    link.reset();
  }

  /** Whether the partition may share requests again. */
  private async writeAlone(queue: PartitionQueue, link: BrokerLink): Promise<boolean> {
    const chunk = queue.next();
    // It was given up meanwhile, and with it the numbers that it may have been written under.
    if (!chunk || !queue.hasIdentity) return false;
    const startedAt = performance.now();
    const [meaning] = await this.write(link, [chunk]);
    if (meaning !== 'written') return false;
    const now = performance.now();
    const tookMs = Math.round(now - startedAt);
    if (tookMs < soundWithinMs) return this.troubles.delete(queue);
    const cause = `written only after ${tookMs} ms`;
    this.troubles.set(queue, { failures: 0, cause, since: now, at: now, retryAt: now });
    return false;
  }

  /** Never rejects: a failure is trouble of each of these partitions. */
  private async write(link: BrokerLink, chunks: readonly Chunk[]): Promise<Meaning[]> {
    const compressed = chunks.some(({ bytes }) => bytes > this.compressAboveBytes);
    const parts = chunks.map((chunk) => chunk.queue.partOf(chunk));
    try {
      const answers = await link.produce(parts, { compressed, acknowledgeWithinMs });
      const errors = new Map(answers.map(({ topic, partition, error }) => [`${topic}/${partition}`, error]));
      const unanswered = 'the broker did not answer for it';
      return chunks.map((chunk) => {
        const { name } = chunk.queue;
        return this.settle(chunk, errors.has(name) ? errors.get(name) : unanswered);
      });
    } catch (error) {
      return chunks.map((chunk) => this.settle(chunk, messageOf(error)));
    }
  }

  private settle(chunk: Chunk, error: string | undefined): Meaning {
    const { queue, entries, bytes } = chunk;
    const meaning = meaningOf(error);
    if (meaning === 'written') {
      queue.acknowledge();
      this.settings.observer?.published?.({ topic: queue.topic, records: entries.length, bytes });
    } else if (meaning === 'refused') {
      queue.refuse(error ?? '');
    } else {
      if (meaning === 'stranger') queue.forgetIdentity();
      else chunk.maybeWritten = true;
      this.fail(queue, error ?? '');
    }
    return meaning;
  }

  private fail(queue: PartitionQueue, cause: string): void {
    const at = performance.now();
    const { failures: before, since } = this.troubles.get(queue) ?? { failures: 0, since: at };
    const failures = before + 1;
    this.troubles.set(queue, { failures, cause, since, at, retryAt: at + backoffMs(failures, 100, 1000) });
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

/** The connection of a partition that goes alone, and the broker that it leads to. */
interface Way {
  readonly station: Station;
  readonly link: BrokerLink;
}
