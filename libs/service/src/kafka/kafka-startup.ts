import { Inject, Injectable } from '@nestjs/common';
import { cards, handlerOf, topicDefinitionsOf } from '@pagebridge/contracts';
import {
  BrokerUnreachableError,
  compareTopics,
  type KafkaSettings,
  MissingTopicsError,
  type Publisher,
  requireRights,
  requireTopics,
  type TableView,
  type TopicRight,
  WrongTopicsError,
} from '@pagebridge/kafka';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Denials } from '../audit/denials.ts';
import { Startup } from '../startup.ts';
import { KAFKA_SETTINGS } from '../tokens.ts';

/** A topic that must exist, with this number of partitions if given; a card of the contracts is one. */
export interface RequiredTopic {
  readonly topic: string;
  readonly partitions?: number;
}

/** Adds the start-up steps of a service for Kafka: check its topics, connect its publisher, read its tables to the end. */
@Injectable()
export class KafkaStartup {
  constructor(
    @Inject(KAFKA_SETTINGS) private readonly settings: KafkaSettings,
    private readonly startup: Startup,
    private readonly denials: Denials,
  ) {}

  /**
   * Called in constructors. `topics` must not include the audit: without it pages still go out, and denials are kept.
   * `when`: a service that serves without Kafka connects after all other steps, and waits as long as Kafka refuses.
   */
  connect(topics: readonly RequiredTopic[], publisher: Publisher, when: 'before' | 'after' = 'before'): void {
    const names = topics.map(({ topic }) => topic);
    const counts = topics.flatMap(({ topic, partitions }) => (partitions ? [[topic, partitions] as const] : []));
    const rights = rightsOf(this.settings.clientId, names);
    const check = async () => {
      await requireTopics(this.settings, [...new Set([...names, ...Object.keys(rights)])], Object.fromEntries(counts));
      await requireRights(this.settings, rights);
      // Routes that serve without Kafka do not end for the sake of a topic: `pagebridge topics create` refuses it too.
      await this.compare(when === 'before' ? Object.keys(rights) : []);
    };
    const open = async () => {
      await publisher.start();
      this.denials.start();
    };
    if (when === 'before') {
      this.startup.before('looking for the topics', check, isTransient);
      this.startup.before('connecting to Kafka', open, isOutage);
    } else {
      this.startup.after('looking for the topics', check);
      this.startup.after('connecting to Kafka', open);
    }
  }

  /** Throws WrongTopicsError if one of `needed` loses records; logs every other difference of a topic that this service uses. */
  private async compare(needed: readonly string[]): Promise<void> {
    const { log, clientId } = this.settings;
    const used = rightsOf(clientId, allTopics);
    const definitions = cards.flatMap(topicDefinitionsOf).filter(({ topic }) => used[topic]?.length);
    // Brokers answered a moment ago, so one attempt is enough: a start does not wait for an answer that it can do without.
    const attempt = compareTopics({ ...this.settings, connectTimeoutMs: 0 }, definitions);
    const faults = await attempt.catch(({ message }: Error) => {
      log.warn('topics not compared with their cards', { error: message });
      return [];
    });
    const losses = faults.filter(({ topic, isLoss }) => isLoss && needed.includes(topic));
    if (losses.length > 0) throw new WrongTopicsError(losses);
    for (const { topic, text } of faults) log.warn('topic differs from its card', { topic, detail: text });
  }

  /** Adds a step that reads a table to its end; `name` appears in the health report meanwhile. */
  read(name: string, view: TableView): void {
    this.startup.before(`reading ${name}`, () => view.start());
  }
}

const allTopics = cards.map(({ topic }) => topic);
const isOutage = (error: unknown): boolean => error instanceof BrokerUnreachableError;
const isTransient = (error: unknown): boolean => error instanceof MissingTopicsError || isOutage(error);

/** Returns the rights that the cards of these topics give to this service, also on the dead letters that it writes. */
const rightsOf = (service: string, topics: readonly string[]): Record<string, readonly TopicRight[]> => {
  const isOf = (parties: readonly string[]) => parties.includes(service);
  const rights = ({ producers, consumers }: (typeof cards)[number]): TopicRight[] => [
    ...(isOf(consumers) ? (['Read'] as const) : []),
    ...(isOf(producers) ? (['Write'] as const) : []),
  ];
  return Object.fromEntries(
    cards
      .filter(({ topic }) => topics.includes(topic))
      .flatMap((card) => [
        [card.topic, rights(card)],
        ...(handlerOf(card) === service ? [[deadLetterTopicOf(card.topic), ['Write']]] : []),
      ]),
  );
};
