import { Inject, Injectable } from '@nestjs/common';
import { type Alert, type Event, IntakeEpisodes, type Integration, integrationKeyOf } from '@pagebridge/contracts';
import { KafkaError, Publisher, partitionFor, TableView } from '@pagebridge/kafka';
import { LOG, limitedLog, Problem, systemClock, TokenUses } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import { keyOf } from '../alerts/alert-of.ts';
import type { Complaint, Reading, SourceAlert } from '../alerts/source-alert.ts';
import type { Incoming } from '../callers/caller.ts';
import { intakeProblems as problems } from '../problems.ts';
import { Tables } from '../tables.ts';
import { alertRecord, episodeRecord, refusedRecord } from './event-of.ts';
import { FairTurns } from './fair-turns.ts';
import { IntakeMetrics } from './intake-metrics.ts';
import { type Carded, cardsOf, type Plan, planOf } from './plan.ts';
import { type Refused, readAll, understood } from './read.ts';
import type { Taken } from './taken.ts';
import { Turns } from './turns.ts';

/** The alerts of a request and partition that are worked on at once: a large group must not keep others waiting. */
const atOnce = 50;

/**
 * Publishes the alerts of requests, and answers once every in-sync replica has them.
 *
 * What is known of an alert is first read to the end of its topic, so that it does not matter which instance took the request before.
 * The alert is written before its episode: if the second fails, the sender comes again, and makes the same event. A recovery is remembered
 * before it is written too, since the next saying of its sender may be that the alert fires again.
 */
@Injectable()
export class Intake {
  private readonly turns = new Turns();
  private readonly log: Log;

  constructor(
    private readonly tables: Tables,
    private readonly view: TableView,
    private readonly publisher: Publisher,
    private readonly fair: FairTurns,
    private readonly metrics: IntakeMetrics,
    private readonly uses: TokenUses,
    @Inject(LOG) log: Log,
  ) {
    this.log = limitedLog(log);
  }

  /**
   * Rejects with a Problem if nothing of it can be read, or if Kafka does not confirm all of it in time: then the sender must come again.
   */
  async accept(incoming: Incoming, reading: Reading | Complaint): Promise<Taken> {
    const { alerts, refused, unreadable } = readAll(understood(reading));
    const { integration, rules, caller } = incoming;
    const signal = AbortSignal.timeout(rules.holdMs);
    const taken = await this.held(incoming, signal, this.publishAll(alerts, refused, integration, signal));
    this.forget();
    this.metrics.took(integration.kind, { ...taken, refused: unreadable });
    const [first] = refused;
    if (first) this.uses.note(caller, { refusal: `${first.place}: ${first.reason}` });
    return { ...taken, refused: refused.map(({ place, reason }) => ({ place, reason })) };
  }

  /** Publishes events as they are. Rejects as `take` does. */
  async pass(incoming: Incoming, events: readonly Event<Alert>[]): Promise<void> {
    const { integration, rules } = incoming;
    const topic = this.tables.alertTopicOf(integration.sourceOrg);
    const signal = AbortSignal.timeout(rules.holdMs);
    const publish = async () => {
      await this.turn(integration, signal);
      await this.publisher.publish(
        events.map((event) => alertRecord(event, topic)),
        { signal },
      );
    };
    await this.held(incoming, signal, publish());
    this.metrics.took(integration.kind, { published: events.length, unchanged: 0, refused: 0 });
  }

  private async publishAll(
    alerts: readonly SourceAlert[],
    refused: readonly Refused[],
    integration: Integration,
    signal: AbortSignal,
  ): Promise<Omit<Taken, 'refused'>> {
    await this.turn(integration, signal);
    const letters = refused.map((each) => refusedRecord(each, integration));
    // A partition that cannot be read or written holds up only its own alerts.
    const parts = [...Map.groupBy(alerts, (alert) => partitionOf(alert, integration))];
    const ends = await Promise.allSettled([
      ...parts.map(([partition, part]) => this.publishPart(part, partition, integration, signal)),
      this.publisher.publish(letters, { signal }).then(() => nothing),
    ]);
    const failure = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failure) throw failure.reason;
    const taken = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    const sum = (name: keyof typeof nothing) => taken.reduce((total, each) => total + each[name], 0);
    return { published: sum('published'), unchanged: sum('unchanged') };
  }

  /** Waits for the turn of an integration. Rejects if its sender no longer waits: what is still done would only delay others. */
  private async turn(integration: Integration, signal: AbortSignal): Promise<void> {
    await this.fair.next(integrationKeyOf(integration));
    signal.throwIfAborted();
  }

  /** Publishes the news of alerts whose keys are in one partition. */
  private async publishPart(
    alerts: readonly SourceAlert[],
    partition: number,
    integration: Integration,
    signal: AbortSignal,
  ): Promise<typeof nothing> {
    let { published, unchanged } = nothing;
    for (let from = 0; from < alerts.length; from += atOnce) {
      if (from > 0) await this.turn(integration, signal);
      const carded = cardsOf(alerts.slice(from, from + atOnce), integration);
      const news = () => this.publishNews(carded, partition, integration, signal);
      const plan = await this.turns.run(keysOf(carded), news);
      published += plan.events.length;
      unchanged += plan.unchanged;
    }
    return { published, unchanged };
  }

  private async publishNews(
    carded: readonly Carded[],
    partition: number,
    integration: Integration,
    signal: AbortSignal,
  ): Promise<Plan> {
    signal.throwIfAborted();
    const { sourceOrg } = integration;
    const { topic: episodes } = IntakeEpisodes.card;
    const isRemembered = carded.some(({ alert }) => !alert.notification);
    if (isRemembered) await this.view.catchUp([{ topic: episodes, partition }], signal);
    const known = (alertKey: string) => this.tables.episodes.get(sourceOrg, alertKey);
    const plan = planOf(carded, integration, known, systemClock.now().getTime());
    const topic = this.tables.alertTopicOf(sourceOrg);
    const recordsOf = (those: Plan['episodes']) =>
      [...those].map(([alertKey, episode]) => episodeRecord(sourceOrg, alertKey, episode));
    await this.publisher.publish(recordsOf(plan.endings), { signal });
    await this.publisher.publish(
      plan.events.map((event) => alertRecord(event, topic)),
      { signal },
    );
    await this.publisher.publish(recordsOf(plan.episodes), { signal });
    return plan;
  }

  /** Lets the topic forget what the memory has no room for. If that fails, a later start reads it and forgets it again. */
  private forget(): void {
    const tombstones = this.tables.forget().map((key) => IntakeEpisodes.tombstone(key));
    this.publisher.publish(tombstones).catch((error) => {
      this.log.warn({ cause: String(error), alerts: tombstones.length }, 'forgotten alerts are still in their topic');
    });
  }

  /** Waits for what waits for Kafka; turns its failure into the answer that makes a sender come again. */
  private async held<T>(incoming: Incoming, signal: AbortSignal, work: Promise<T>): Promise<T> {
    const { sourceOrg, name } = incoming.integration;
    incoming.work = work;
    const end = this.metrics.holds();
    try {
      return await Promise.race([work, aborted(signal)]);
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

const nothing = { published: 0, unchanged: 0 };

const partitionOf = ({ identity }: SourceAlert, { sourceOrg, name }: Integration): number =>
  partitionFor(alertIdentity(sourceOrg, keyOf(name, identity)), IntakeEpisodes.card.partitions);

const keysOf = (carded: readonly Carded[]): string[] => [
  ...new Set(carded.map(({ card }) => alertIdentity(card.sourceOrg, card.alertKey))),
];

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
