import { Inject, Injectable } from '@nestjs/common';
import { cards } from '@pagebridge/contracts';
import {
  BrokerUnreachableError,
  type KafkaSettings,
  MissingTopicsError,
  type Publisher,
  requireRights,
  requireTopics,
  type TableView,
  type TopicRight,
} from '@pagebridge/kafka';
import { Denials } from '../audit/denials.ts';
import { Startup } from '../startup.ts';
import { KAFKA_SETTINGS } from '../tokens.ts';

/** A topic that must be there, with that many partitions where it says so; a card of the contracts is one. */
export interface RequiredTopic {
  readonly topic: string;
  readonly partitions?: number;
}

/** The start of a service on Kafka: checks its topics, connects its publisher, reads its tables to the end. */
@Injectable()
export class KafkaStartup {
  constructor(
    @Inject(KAFKA_SETTINGS) private readonly settings: KafkaSettings,
    private readonly startup: Startup,
    private readonly denials: Denials,
  ) {}

  /** Called in constructors, as `Startup.before`. The audit is not among them: pages go on where it is away, and denials are kept. */
  connect(topics: readonly RequiredTopic[], publisher: Publisher): void {
    const names = topics.map(({ topic }) => topic);
    const counts = topics.flatMap(({ topic, partitions }) => (partitions ? [[topic, partitions] as const] : []));
    const look = async () => {
      await requireTopics(this.settings, names, Object.fromEntries(counts));
      await requireRights(this.settings, rightsOf(this.settings.clientId, names));
    };
    this.startup.before('looking for the topics', look, mayCome);
    this.startup.before('connecting to Kafka', async () => {
      await publisher.start();
      this.denials.start();
    });
  }

  /** `what` is named while it is being read. */
  read(what: string, view: TableView): void {
    this.startup.before(`reading ${what}`, () => view.start());
  }
}

const mayCome = (error: unknown): boolean =>
  error instanceof MissingTopicsError || error instanceof BrokerUnreachableError;

/** What the cards of these topics say that this service does with them. */
const rightsOf = (service: string, topics: readonly string[]): Record<string, readonly TopicRight[]> => {
  const isOf = (parties: readonly string[]) => parties.includes(service);
  const rights = ({ producers, consumers }: (typeof cards)[number]): TopicRight[] => [
    ...(isOf(consumers) ? (['Read'] as const) : []),
    ...(isOf(producers) ? (['Write'] as const) : []),
  ];
  return Object.fromEntries(
    cards.filter(({ topic }) => topics.includes(topic)).map((card) => [card.topic, rights(card)]),
  );
};
