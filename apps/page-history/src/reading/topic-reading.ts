import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { asStoreError, StoreUnavailable } from '@pagebridge/database';
import { type KafkaSettings, LogReader, type Taken } from '@pagebridge/kafka';
import { KAFKA_SETTINGS, LOG } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { Days } from './days.ts';
import { FollowedTopics } from './followed-topics.ts';
import { halvesOf } from './halves.ts';
import { HistoryWriter, OvertakenError } from './history-writer.ts';
import { ReadingMetrics } from './reading-metrics.ts';
import { Standing } from './standing.ts';

const noteEveryMs = 1000;
// Short, because what holds up one topic must not hold up the others for long.
const connectTimeoutMs = 10_000;
const keepDaysEveryMs = 60 * 60 * 1000;
const retryDaysAfterMs = 60 * 1000;
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
  private daysDueAt = Number.NEGATIVE_INFINITY;
  /** By the clock of the database. */
  private oldestDay = 0;

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
        const reached = await this.writer.acquire();
        if (reached) await this.read(new Standing(reached));
        else this.state = 'another instance reads the topics';
      } catch (error) {
        if (signal.aborted) break;
        const { message } = error as Error;
        this.state = `retrying after an error: ${message}`;
        this.log.warn({ error: message }, 'reading topics failed; retrying');
      }
      await delay(retryAfterMs, undefined, { signal }).catch(() => undefined);
    }
    // The database may be away; then another instance waits until this one counts as gone.
    await this.writer
      .release()
      .catch(({ message }: Error) => this.log.warn({ error: message }, 'reader lock not released'));
  }

  /** Reads until it is stopped, or something fails. */
  private async read(standing: Standing): Promise<void> {
    const settings = { ...this.settings, connectTimeoutMs };
    const logs = new LogReader(settings);
    const topics = new FollowedTopics(settings, logs, standing, this.log);
    const failure = new AbortController();
    // The tables may be new.
    this.daysDueAt = Number.NEGATIVE_INFINITY;
    const signal = AbortSignal.any([this.end.signal, failure.signal]);
    const following = topics.follow(signal);
    following.catch((error) => failure.abort(error));
    try {
      for (let notedAt = Number.NEGATIVE_INFINITY; ; ) {
        await this.keepDays();
        const taken = await logs.take(signal);
        if (taken.places.length > 0) await this.store(taken, standing);
        if (performance.now() - notedAt < noteEveryMs) continue;
        notedAt = performance.now();
        await this.tell(logs, standing, topics);
      }
    } finally {
      failure.abort();
      await following.catch(() => undefined);
      await logs.stop();
      this.metrics.noted(null, []);
    }
  }

  /** Notes how far it has come: nothing is known before all topics are read. */
  private async tell(logs: LogReader, standing: Standing, { isWhole, leftOut, detail }: FollowedTopics): Promise<void> {
    const { asOf, lag } = standing.summary(logs.progress(), leftOut);
    const until = isWhole ? asOf : null;
    await this.writer.note(until, lag);
    this.metrics.noted(until, lag);
    this.state = detail;
  }

  /** Without it the disk fills up, or a day has no partition of its own: neither ends the reading. */
  private async keepDays(): Promise<void> {
    if (performance.now() < this.daysDueAt) return;
    try {
      this.oldestDay = await this.days.keep();
      this.daysDueAt = performance.now() + keepDaysEveryMs;
    } catch (error) {
      this.daysDueAt = performance.now() + retryDaysAfterMs;
      const { message } = error as Error;
      this.log.error({ error: message }, 'maintaining daily partitions failed; retrying');
    }
  }

  /** Stores what was taken. What the database refuses is halved until the record is found that it refuses, which is left out. */
  private async store(taken: Taken, standing: Standing): Promise<void> {
    const positions = standing.after(taken);
    try {
      await this.writer.write(taken.records, positions, this.oldestDay);
    } catch (error) {
      const isFault = !(error instanceof OvertakenError || asStoreError(error) instanceof StoreUnavailable);
      if (!isFault || taken.records.length === 0) throw error;
      for (const part of this.partsOf(taken, error as Error)) await this.store(part, standing);
      return;
    }
    standing.stored(taken, positions);
    this.metrics.stored(taken);
  }

  private partsOf(taken: Taken, { message: error }: Error): Taken[] {
    const [first] = taken.records;
    if (!first || taken.records.length > 1) return halvesOf(taken);
    const { topic, partition, offset } = first;
    this.log.error({ topic, partition, offset, error }, 'record skipped: database rejected it');
    return [{ ...taken, records: [], skipped: [...taken.skipped, { topic, partition, records: 1 }] }];
  }
}
