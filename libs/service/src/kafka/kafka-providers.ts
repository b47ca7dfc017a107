import type { Provider, Type } from '@nestjs/common';
import {
  type ConsumedRecord,
  type KafkaSettings,
  Publisher,
  type PublisherOptions,
  RangeReader,
  TableView,
} from '@pagebridge/kafka';
import { KAFKA_SETTINGS } from '../tokens.ts';

/** The publisher of a service. */
export const publisherProvider = (options: PublisherOptions = {}): Provider => ({
  provide: Publisher,
  useFactory: (settings: KafkaSettings) => new Publisher(settings, options),
  inject: [KAFKA_SETTINGS],
});

/** Reads what stands in topics, where a service asks. */
export const rangeReaderProvider: Provider = {
  provide: RangeReader,
  useFactory: (settings: KafkaSettings) => new RangeReader(settings),
  inject: [KAFKA_SETTINGS],
};

interface RecordTaker {
  readonly take: (record: ConsumedRecord) => void;
}

/** The view of a service's compacted topics; a provider takes their records, in their order. */
export const tableViewProvider = (
  cards: readonly { readonly topic: string }[],
  taker: Type<RecordTaker>,
): Provider => ({
  provide: TableView,
  useFactory: (settings: KafkaSettings, { take }: RecordTaker) =>
    new TableView(settings, { topics: cards.map(({ topic }) => topic), onRecord: take }),
  inject: [KAFKA_SETTINGS, taker],
});
