import type { Provider, Type } from '@nestjs/common';
import {
  type KafkaSettings,
  Publisher,
  type PublisherOptions,
  RangeReader,
  TableView,
  type TableViewOptions,
} from '@pagebridge/kafka';
import { KAFKA_SETTINGS } from '../tokens.ts';

export const publisherProvider = (options: PublisherOptions = {}): Provider => ({
  provide: Publisher,
  useFactory: (settings: KafkaSettings) => new Publisher(settings, options),
  inject: [KAFKA_SETTINGS],
});

/** Provides a reader of given offset ranges of topics. */
export const rangeReaderProvider: Provider = {
  provide: RangeReader,
  useFactory: (settings: KafkaSettings) => new RangeReader(settings),
  inject: [KAFKA_SETTINGS],
};

interface RecordConsumer {
  readonly handle: TableViewOptions['onRecord'];
}

/** Provides the view of a service's compacted topics; passes each record, in order per partition, to `handle` of a provider. */
export const tableViewProvider = (
  cards: readonly { readonly topic: string }[],
  consumer: Type<RecordConsumer>,
  options: Pick<TableViewOptions, 'mayHaveGaps'> = {},
): Provider => ({
  provide: TableView,
  useFactory: (settings: KafkaSettings, { handle }: RecordConsumer) =>
    new TableView(settings, { topics: cards.map(({ topic }) => topic), onRecord: handle, ...options }),
  inject: [KAFKA_SETTINGS, consumer],
});
