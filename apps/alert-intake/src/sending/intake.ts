import { Inject, Injectable } from '@nestjs/common';
import { type Alert, type Event, IntakeEpisodes } from '@pagebridge/contracts';
import { KafkaError, type OutgoingRecord, Publisher, partitionFor, TableView } from '@pagebridge/kafka';
import { LOG, Problem, systemClock, TokenUses } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import type { Complaint, Reading } from '../alerts/source-alert.ts';
import type { Incoming } from '../callers/caller.ts';
import { intakeProblems as problems } from '../problems.ts';
import type { Events } from '../sources/cloudevents/cloudevents.ts';
import { Tables } from '../tables.ts';
import { FairTurns } from '../turns/fair-turns.ts';
import { KeyTurns } from '../turns/key-turns.ts';
import { alertRecord, episodeRecord } from './event-of.ts';
import { IntakeMetrics } from './intake-metrics.ts';
import { Letters } from './letters.ts';
import { type Carded, cardOf, planOf } from './plan.ts';
import { type Refused, readAll, understood } from './read.ts';
import type { Taken } from './taken.ts';
import { unconfirmedBy } from './unconfirmed-by.ts';

/** The alerts of a partition that are written at once, and the characters of their messages. */
const [maxAtOnce, maxTextAtOnce] = [50, 100_000];

/** What became of alerts. */
interface Done extends Omit<Taken, 'refused'> {
  readonly refused: readonly Refused[];
}

/**
 * Publishes the alerts of requests, and answers once every in-sync replica has them.
 *
 * What is known of an alert is first read to the end of its topic, so that it does not matter which instance took the request before.
 * The alert is written before its episode: if the second fails, the sender comes again, and makes the same event. A recovery is remembered
 * before it is written too, since the next saying of its sender may be that the alert fires again.
 */
@Injectable()
export class Intake {
  private readonly turns = new KeyTurns();

  constructor(
    private readonly tables: Tables,
    private readonly view: TableView,
    private readonly publisher: Publisher,
    private readonly fair: FairTurns,
    private readonly letters: Letters,
    private readonly metrics: IntakeMetrics,
    private readonly uses: TokenUses,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Rejects with a Problem if nothing of it can be read, or if Kafka does not confirm all of it in time: then the sender must come again.
   */
  async accept(incoming: Incoming, read: Reading | Complaint): Promise<Taken> {
    const { integration, caller } = incoming;
    const { unreadable, ...taken } = await this.held(incoming, this.publishAll(understood(read), incoming));
    this.metrics.took(integration.kind, { ...taken, refused: unreadable });
    const [first] = taken.refused;
    const { withoutHandle } = taken;
    const refusal = first ? { refusal: `${first.place}: ${first.reason}` } : {};
    // The guard has noted the use itself.
    if (first || withoutHandle > 0) this.uses.note(caller, { ...refusal, withoutHandle });
    return { ...taken, refused: taken.refused.map(({ place, reason }) => ({ place, reason })) };
  }

  /** Publishes events as they are; none of them if one cannot be read. Rejects as `accept` does. */
  async pass(incoming: Incoming, read: Events | Complaint): Promise<readonly Event<Alert>[]> {
    const { integration } = incoming;
    const events = await this.held(incoming, this.passAll(understood(read), incoming));
    this.metrics.took(integration.kind, { published: events.length, unchanged: 0, withoutHandle: 0, refused: 0 });
    return events;
  }

  private async passAll({ members, read }: Events, incoming: Incoming): Promise<readonly Event<Alert>[]> {
    const { integration, deadline: signal } = incoming;
    const topic = this.tables.alertTopicOf(integration.sourceOrg);
    const events: Event<Alert>[] = [];
    const records: OutgoingRecord[] = [];
    await this.fair.each(integration, signal, members.entries(), ([index, member]) => {
      const event = understood(read(member, index));
      incoming.unconfirmed.add(event.data.alertKey);
      events.push(event);
      records.push(alertRecord(event, topic));
    });
    const [never] = await this.publisher.publishAccepted(records, { signal });
    if (never) {
      understood({
        field: `events.${records.indexOf(never.record)}`,
        message: notTaken(never),
        cure: sendLess,
      });
    }
    return events;
  }

  private async publishAll(reading: Reading, incoming: Incoming): Promise<Done & { readonly unreadable: number }> {
    const { integration, deadline } = incoming;
    const parts = new Map<number, Carded[]>();
    const inPieces: Parameters<typeof readAll>[1] = (members, work) =>
      this.fair.each(integration, deadline, members, work);
    const { refused, unreadable } = await readAll(reading, inPieces, (alert, member) => {
      const carded = cardOf(alert, member, integration);
      const partition = partitionFor(identityOf(carded), IntakeEpisodes.card.partitions);
      incoming.unconfirmed.add(carded.card.alertKey);
      const part = parts.get(partition) ?? [];
      parts.set(partition, part);
      part.push(carded);
    });
    // A partition that cannot be read or written holds up only its own alerts.
    const ends = await Promise.allSettled([
      ...parts.entries().map(([partition, part]) => this.publishPart(part, partition, reading, incoming)),
      this.letters.keep(refused, integration, deadline).then(() => []),
    ]);
    const failure = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failure) throw failure.reason;
    const done = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
    const neverTaken = done.flatMap((each) => each.refused);
    await this.letters.keep(neverTaken, integration, deadline);
    const sum = (name: 'published' | 'unchanged' | 'withoutHandle') =>
      done.reduce((total, each) => total + each[name], 0);
    const [published, unchanged, withoutHandle] = [sum('published'), sum('unchanged'), sum('withoutHandle')];
    const [first] = neverTaken;
    if (first && published + unchanged === 0) {
      understood({ field: first.place, message: first.reason, cure: sendLess });
    }
    return { published, unchanged, withoutHandle, refused: [...refused, ...neverTaken], unreadable };
  }

  /** Publishes the news of alerts whose keys are in one partition. */
  private async publishPart(
    part: readonly Carded[],
    partition: number,
    { requestOf }: Reading,
    incoming: Incoming,
  ): Promise<Done[]> {
    const done: Done[] = [];
    for (const piece of piecesOf(part)) {
      const news = () => this.publishNews(piece, partition, requestOf, incoming);
      done.push(await this.turns.run([...new Set(piece.map(identityOf))], news));
      for (const { card } of piece) incoming.unconfirmed.delete(card.alertKey);
      this.forget();
    }
    return done;
  }

  private async publishNews(
    carded: readonly Carded[],
    partition: number,
    requestOf: Reading['requestOf'],
    { integration, deadline: signal }: Incoming,
  ): Promise<Done> {
    signal.throwIfAborted();
    const { sourceOrg } = integration;
    await this.view.catchUp([{ topic: IntakeEpisodes.card.topic, partition }], signal);
    const known = (alertKey: string) => this.tables.episodes.get(sourceOrg, alertKey);
    const topic = this.tables.alertTopicOf(sourceOrg);
    const planned = () => {
      const plan = planOf(carded, integration, known, systemClock.now().getTime());
      const records: OutgoingRecord[] = plan.events.map((event) => alertRecord(event, topic));
      return { plan, records };
    };
    const { plan, records } = await this.fair.run(integration, signal, planned);
    const remember = (episodes: typeof plan.episodes, without: ReadonlySet<string> = new Set()) => {
      const those = [...episodes].filter(([alertKey]) => !without.has(alertKey));
      return this.publisher.publish(
        those.map(([alertKey, episode]) => episodeRecord(sourceOrg, alertKey, episode)),
        { signal },
      );
    };
    // A tombstone that is still to be written would delete what is remembered now.
    for (const alertKey of plan.episodes.keys()) this.tables.episodes.settle(sourceOrg, alertKey);
    await remember(plan.endings);
    const never = await this.publisher.publishAccepted(records, { signal });
    const refused = never.map((each) => {
      const alertKey = plan.events[records.indexOf(each.record)]?.data.alertKey ?? '';
      const members = carded.filter(({ card }) => card.alertKey === alertKey).map(({ member }) => member);
      return { place: alertKey, reason: notTaken(each), request: requestOf(members) };
    });
    await remember(plan.episodes, new Set(refused.map(({ place }) => place)));
    const { unchanged, withoutHandle } = plan;
    return { published: plan.events.length - never.length, unchanged, withoutHandle, refused };
  }

  /** Lets the topic forget what the memory has no room for. If that fails, a later start reads it and forgets it again. */
  private forget(): void {
    const keys = this.tables.episodes.takeForgotten(2 * maxAtOnce);
    this.publisher.publish(keys.map((key) => IntakeEpisodes.tombstone(key))).catch((error) => {
      this.log.warn({ cause: String(error), alerts: keys.length }, 'tombstones of forgotten alerts not written');
    });
  }

  /** Waits for what waits for Kafka; turns its failure into the answer that makes a sender come again. */
  private async held<T>(incoming: Incoming, work: Promise<T>): Promise<T> {
    const { deadline, unconfirmed } = incoming;
    const { sourceOrg, name: integration } = incoming.integration;
    incoming.work = work;
    const end = this.metrics.holds();
    try {
      return await Promise.race([work, aborted(deadline)]);
    } catch (error) {
      if (!deadline.aborted && !(error instanceof KafkaError)) throw error;
      const [alertKey = ''] = unconfirmed;
      const alerts = { integration, sourceOrg, alertKey, alerts: unconfirmed.size };
      this.log.error({ ...alerts, ...unconfirmedBy(error) }, 'alerts not confirmed by Kafka');
      const detail =
        'Kafka did not confirm the alerts in time; they may have been published. Retry the same request: nobody is paged twice.';
      throw new Problem({ ...problems['kafka-away'], detail }, { retryAfterMs: 5000 });
    } finally {
      end();
    }
  }
}

const identityOf = ({ card }: Carded): string => alertIdentity(card.sourceOrg, card.alertKey);

/** Divides alerts into pieces, none of which has more alerts or text than is written at once, unless a single alert has. */
function* piecesOf(part: readonly Carded[]): Generator<readonly Carded[]> {
  let [from, text] = [0, 0];
  for (const [index, { card }] of part.entries()) {
    text += card.message.length;
    if (index - from < maxAtOnce && (text <= maxTextAtOnce || index === from)) continue;
    yield part.slice(from, index);
    [from, text] = [index, card.message.length];
  }
  yield part.slice(from);
}

const notTaken = ({ detail }: { readonly detail: string }): string => `Kafka rejects the alert: ${detail}`;
const sendLess = "Send less text, or increase max.message.bytes of the source org's topic.";

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
