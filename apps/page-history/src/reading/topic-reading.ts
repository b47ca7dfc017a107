import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { asStoreError, StoreUnavailable } from '@pagebridge/database';
import { type KafkaSettings, LogReader, SecurityError, type Taken, topicsSeen } from '@pagebridge/kafka';
import { KAFKA_SETTINGS, LOG } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { Days } from './days.ts';
import { halvesOf } from './halves.ts';
import { HistoryWriter, OvertakenError } from './history-writer.ts';
import { ReadingMetrics } from './reading-metrics.ts';
import { Standing } from './standing.ts';
import { topicsToRead } from './topics.ts';

const noteEveryMs = 1000;
const lookEveryMs = 15_000;
const retryAfterMs = 2000;

/**
 * Reads the topics into the database, if no other instance does.
 *
 * After any error, reading begins again at the places that are stored: what was not stored is read again, and nothing is
 * stored twice.
 */
@Injectable()
export class TopicReading {
  private readonly end = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private state = 'not started';

  constructor(
    @Inject(KAFKA_SETTINGS) private readonly settings: KafkaSettings,
    private readonly writer: HistoryWriter,
    private readonly days: Days,
    private readonly metrics: ReadingMetrics,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Begins to read in the background. */
  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.loop;
  }

  health(): { readonly detail: string } {
    return { detail: this.state };
  }

  private async run(): Promise<void> {
    const { signal } = this.end;
    while (!signal.aborted) {
      try {
        const positions = await this.writer.take();
        if (positions) await this.read(new Standing(positions));
        else this.state = 'another instance reads the topics';
      } catch (error) {
        if (signal.aborted) break;
        const { message } = error as Error;
        this.state = `reading begins again after an error: ${message}`;
        this.log.warn({ error: message }, 'The topics could not be read into the history; this is retried');
      }
      await delay(retryAfterMs, undefined, { signal }).catch(() => undefined);
    }
    // The database may be away; then another instance waits until this one counts as gone.
    await this.writer.release().catch(({ message }: Error) => this.log.warn({ error: message }, 'not released'));
  }

  /** Reads until it is stopped, or something fails. */
  private async read(standing: Standing): Promise<void> {
    const logs = new LogReader(this.settings);
    const failure = new AbortController();
    const signal = AbortSignal.any([this.end.signal, failure.signal]);
    const beside = [this.follow(logs, standing, signal), this.tell(logs, standing, signal)];
    for (const work of beside) work.catch((error) => failure.abort(error));
    try {
      for (;;) {
        const taken = await logs.take(signal);
        await this.store(taken, standing);
        this.metrics.skipped(logs.undecodable);
      }
    } finally {
      failure.abort();
      await Promise.allSettled(beside);
      await logs.stop();
    }
  }

  /** Stores what was taken. What the database refuses is halved until the record is found that it refuses, which is left out. */
  private async store(taken: Taken, standing: Standing): Promise<void> {
    const positions = standing.after(taken);
    try {
      await this.writer.write(taken.records, positions, this.days.oldest());
    } catch (error) {
      const isFault = !(error instanceof OvertakenError || asStoreError(error) instanceof StoreUnavailable);
      if (!isFault || taken.records.length === 0) throw error;
      for (const part of this.partsOf(taken, error as Error)) await this.store(part, standing);
      return;
    }
    standing.stored(taken, positions);
    this.metrics.stored(taken.records);
  }

  private partsOf(taken: Taken, { message: error }: Error): Taken[] {
    const [first] = taken.records;
    if (!first || taken.records.length > 1) return halvesOf(taken);
    const { topic, partition, offset } = first;
    this.log.error({ topic, partition, offset, error }, 'A record is missing in the history: the database refuses it');
    this.metrics.refused();
    return [{ ...taken, records: [] }];
  }

  /** Reads topics from when on they exist, such as one that a source org owns. */
  private async follow(logs: LogReader, standing: Standing, signal: AbortSignal): Promise<void> {
    const read = new Set<string>();
    for (;;) {
      for (const topic of topicsToRead((await topicsSeen(this.settings)).keys())) {
        if (read.has(topic)) continue;
        signal.throwIfAborted();
        await logs.read(topic, standing.placesOf(topic)).catch((error) => this.leaveOut(topic, error));
        read.add(topic);
      }
      this.state = `${read.size} topics`;
      await delay(lookEveryMs, undefined, { signal });
    }
  }

  /** The records of a topic that Kafka denies are missing; those of all others are not. */
  private leaveOut(topic: string, error: unknown): void {
    if (!(error instanceof SecurityError)) throw error;
    this.log.error({ topic, error: error.message }, 'A topic is missing in the history');
  }

  /** Notes how far it has come, and keeps the partitions of the days. */
  private async tell(logs: LogReader, standing: Standing, signal: AbortSignal): Promise<void> {
    for (let keptDay = -1; ; await delay(noteEveryMs, undefined, { signal })) {
      const oldest = this.days.oldest();
      if (oldest !== keptDay) await this.days.keep();
      keptDay = oldest;
      const { asOf, lag } = standing.summary(logs.progress());
      await this.writer.note(asOf, lag);
      this.metrics.noted(asOf, lag);
    }
  }
}
