import { Inject, Injectable } from '@nestjs/common';
import { type Alert, type Event, IntakeEpisodes, type Integration } from '@pagebridge/contracts';
import { KafkaError, Publisher, partitionFor, TableView } from '@pagebridge/kafka';
import { LOG, limitedLog, Problem, systemClock } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import type { Reading, Refusal, SourceAlert } from '../alerts/source-alert.ts';
import type { Incoming } from '../callers/caller.ts';
import { intakeProblems as problems } from '../problems.ts';
import { Tables } from '../tables.ts';
import { alertRecord, episodeRecord, refusedRecord } from './event-of.ts';
import { IntakeMetrics } from './intake-metrics.ts';
import { type Carded, cardsOf, type Plan, planOf } from './plan.ts';
import type { Taken } from './taken.ts';
import { Turns } from './turns.ts';

/** The alerts of a request that are worked on at once: a large group must not keep others waiting. */
const atOnce = 100;

/**
 * Publishes the alerts of requests, and answers once every in-sync replica has them.
 *
 * What is known of an alert is first read to the end of its topic, so that it does not matter which instance took the request before.
 * The alert is written before its episode: if the second fails, the sender comes again, and makes the same event.
 */
@Injectable()
export class Intake {
  private readonly turns = new Turns();
  private readonly log: Log;

  constructor(
    private readonly tables: Tables,
    private readonly view: TableView,
    private readonly publisher: Publisher,
    private readonly metrics: IntakeMetrics,
    @Inject(LOG) log: Log,
  ) {
    this.log = limitedLog(log);
  }

  /** Rejects with a Problem if Kafka does not confirm all of it in time: then the sender must come again. */
  async take({ integration, rules }: Incoming, { alerts, refused }: Reading): Promise<Taken> {
    const signal = AbortSignal.timeout(rules.holdMs);
    const taken = await this.held(integration, signal, () => this.publishAll(alerts, refused, integration, signal));
    this.forget();
    this.metrics.took(integration.kind, { ...taken, refused: refused.length });
    return { ...taken, refused: refused.map(({ place, reason }) => ({ place, reason })) };
  }

  /** Publishes events as they are. Rejects as `take` does. */
  async pass({ integration, rules }: Incoming, events: readonly Event<Alert>[]): Promise<void> {
    const topic = this.tables.alertTopicOf(integration.sourceOrg);
    const signal = AbortSignal.timeout(rules.holdMs);
    const records = events.map((event) => alertRecord(event, topic));
    await this.held(integration, signal, () => this.publisher.publish(records, { signal }));
    this.metrics.took(integration.kind, { published: events.length, unchanged: 0, refused: 0 });
  }

  private async publishAll(
    alerts: readonly SourceAlert[],
    refused: readonly Refusal[],
    integration: Integration,
    signal: AbortSignal,
  ): Promise<Omit<Taken, 'refused'>> {
    await this.publisher.publish(
      refused.map((each) => refusedRecord(each, integration)),
      { signal },
    );
    let [published, unchanged] = [0, 0];
    for (let from = 0; from < alerts.length; from += atOnce) {
      const carded = cardsOf(alerts.slice(from, from + atOnce), integration);
      const plan = await this.turns.run(keysOf(carded), () => this.publishNews(carded, integration, signal));
      published += plan.events.length;
      unchanged += plan.unchanged;
    }
    return { published, unchanged };
  }

  private async publishNews(carded: readonly Carded[], integration: Integration, signal: AbortSignal): Promise<Plan> {
    signal.throwIfAborted();
    const { sourceOrg } = integration;
    const remembered = carded.filter(({ alert }) => !alert.notification);
    if (remembered.length > 0) await this.view.catchUp(partitionsOf(keysOf(remembered)), signal);
    const known = (alertKey: string) => this.tables.episodes.get(sourceOrg, alertKey);
    const plan = planOf(carded, integration, known, systemClock.now().getTime());
    const topic = this.tables.alertTopicOf(sourceOrg);
    const records = plan.events.map((event) => alertRecord(event, topic));
    const episodes = [...plan.episodes].map(([alertKey, episode]) => episodeRecord(sourceOrg, alertKey, episode));
    await this.publisher.publish(records, { signal });
    await this.publisher.publish(episodes, { signal });
    return plan;
  }

  /** Lets the topic forget what the memory has no room for. If that fails, a later start reads it and forgets it again. */
  private forget(): void {
    const tombstones = this.tables.takeForgotten().map((key) => IntakeEpisodes.tombstone(key));
    this.publisher.publish(tombstones).catch((error) => {
      this.log.warn({ cause: String(error), alerts: tombstones.length }, 'forgotten alerts are still in their topic');
    });
  }

  /** Runs what waits for Kafka; turns its failure into the answer that makes a sender come again. */
  private async held<T>({ sourceOrg, name }: Integration, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const end = this.metrics.holds();
    try {
      return await Promise.race([work(), aborted(signal)]);
    } catch (error) {
      if (!signal.aborted && !(error instanceof KafkaError)) throw error;
      this.log.error({ sourceOrg, integration: name, cause: String(error) }, 'alerts were not confirmed by Kafka');
      const detail =
        'Kafka did not confirm the alerts in time; they may have been published or not. Send the same request again: nobody is paged twice.';
      throw new Problem({ ...problems['kafka-away'], detail }, { retryAfterMs: 5000 });
    } finally {
      end();
    }
  }
}

const keysOf = (carded: readonly Carded[]): string[] => [
  ...new Set(carded.map(({ card }) => alertIdentity(card.sourceOrg, card.alertKey))),
];

const partitionsOf = (keys: readonly string[]) => {
  const { topic, partitions } = IntakeEpisodes.card;
  return [...new Set(keys.map((key) => partitionFor(key, partitions)))].map((partition) => ({ topic, partition }));
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
