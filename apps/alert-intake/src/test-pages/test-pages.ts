import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Alert, type Event, type IntakeEpisode, IntakeEpisodes, type OutgoingRecord } from '@pagebridge/contracts';
import { KafkaError, Publisher, partitionFor, TableView } from '@pagebridge/kafka';
import { LOG, Problem, Startup, systemClock } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import { intakeProblems as problems } from '../problems.ts';
import { alertRecord, own } from '../sending/event-of.ts';
import { unconfirmedBy } from '../sending/unconfirmed-by.ts';
import { Tables } from '../tables.ts';
import { auditOf, endOf, episodeOf, identityOf, keyOfTest, lastsMs, type TestPage, testEvent } from './test-page.ts';

type Named = Pick<Alert, 'sourceOrg' | 'alertKey'>;

const holdMs = 10_000;
const maxAMinute = 6;
const sweepEveryMs = 1000;

/**
 * Pages teams for a test, and resolves what nobody has resolved after ten minutes.
 *
 * A test page is remembered in `paging.intake-episodes.v1` before it is sent, so any instance ends it, also after a restart and also if
 * Kafka did not confirm it. Once it has ended it is remembered until those ten minutes are over, because it counts for the limit.
 */
@Injectable()
export class TestPages implements OnModuleInit, OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly ending = new Set<string>();

  constructor(
    private readonly tables: Tables,
    private readonly view: TableView,
    private readonly publisher: Publisher,
    private readonly startup: Startup,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    void this.endInTime();
  }

  onModuleDestroy(): void {
    this.stop.abort();
  }

  /** Resolves with the event once Kafka has it. Rejects with a Problem, also if the audit cannot be written: then nobody is paged. */
  async send(page: TestPage, requestId: string): Promise<Event<Alert>> {
    this.startup.requireDone();
    const now = systemClock.now();
    this.admit(page.sourceOrg, now.getTime());
    const event = testEvent(page, now);
    const episode = episodeOf(event);
    // It counts from now on, whatever becomes of it.
    this.tables.tests.set(identityOf(episode), episode);
    const ifPaged = `If the alert ${event.data.alertKey} paged the team, the page is resolved within 10 minutes.`;
    await this.confirmed(event.data, ifPaged, async (signal) => {
      await this.publisher.publish([auditOf(page, now, requestId)], { signal });
      await this.publisher.publish([recordOf(episode)], { signal });
      await this.publisher.publish([alertRecord(event, this.tables.alertTopicOf(page.sourceOrg))], { signal });
    });
    return event;
  }

  /** Resolves once Kafka has the recovery of a test page; at once if none of this id is open. */
  async resolve(sourceOrg: string, id: string): Promise<void> {
    this.startup.requireDone();
    const alertKey = keyOfTest(id);
    const identity = alertIdentity(sourceOrg, alertKey);
    const { topic, partitions } = IntakeEpisodes.card;
    await this.confirmed({ sourceOrg, alertKey }, 'The page is resolved within 10 minutes.', async (signal) => {
      await this.view.catchUp([{ topic, partition: partitionFor(identity, partitions) }], signal);
      const test = this.tables.tests.get(identity);
      if (!test?.open) return;
      await this.end(test, systemClock.now(), signal);
      await this.publisher.publish([recordOf({ ...test, open: false })], { signal });
    });
  }

  private admit(sourceOrg: string, now: number): void {
    const times = [...this.tables.tests.values()]
      .filter((test) => test.sourceOrg === sourceOrg)
      .map(({ occurredAt }) => Date.parse(occurredAt))
      .filter((at) => at > now - 60_000);
    if (times.length < maxAMinute) return;
    const retryAfterMs = Math.min(...times) + 60_000 - now;
    const detail = `${sourceOrg} sent ${times.length} test pages in the last minute. Nobody was paged. Retry in ${Math.ceil(retryAfterMs / 1000)} s.`;
    throw new Problem({ ...problems['too-many-test-pages'], detail }, { retryAfterMs });
  }

  private async endInTime(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      // Before the tables are read, neither what has ended nor the topics of orgs are known.
      if (this.startup.health().ready) this.endWhatIsOver(systemClock.now().getTime());
      await delay(sweepEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Begins to end what is over, each by itself: a partition that cannot be written holds up only its own. */
  private endWhatIsOver(now: number): void {
    for (const [identity, test] of this.tables.tests) {
      const end = Date.parse(test.occurredAt) + lastsMs;
      if (end > now || this.ending.has(identity)) continue;
      this.ending.add(identity);
      void this.endOver(test, end).finally(() => this.ending.delete(identity));
    }
  }

  private async endOver(test: IntakeEpisode, end: number): Promise<void> {
    const { signal } = this.stop;
    try {
      if (test.open) await this.end(test, new Date(end), signal);
      await this.publisher.publish([IntakeEpisodes.tombstone(identityOf(test))], { signal });
    } catch (error) {
      const { sourceOrg, alertKey } = test;
      this.log.warn({ sourceOrg, alertKey, ...unconfirmedBy(error) }, 'expired test page not resolved; retrying');
    }
  }

  private end(test: IntakeEpisode, at: Date, signal: AbortSignal): Promise<void> {
    const topic = this.tables.alertTopicOf(test.sourceOrg);
    return this.publisher.publish([alertRecord(endOf(test, at), topic)], { signal });
  }

  /** Turns the failure of what waits for Kafka into a Problem, without a time for a next try: that would page once more. */
  private async confirmed(
    { sourceOrg, alertKey }: Named,
    next: string,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const signal = AbortSignal.timeout(holdMs);
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof KafkaError)) throw error;
      this.log.error({ sourceOrg, alertKey, ...unconfirmedBy(error) }, 'test page not confirmed by Kafka');
      throw new Problem({ ...problems['kafka-away'], detail: `Kafka did not confirm the test page in time. ${next}` });
    }
  }
}

const recordOf = (test: IntakeEpisode): OutgoingRecord =>
  IntakeEpisodes.encode(identityOf(test), { id: identityOf(test), source: own, time: test.publishedAt }, test);
