import { offeringCards, RegistryFeed } from '@pagebridge/handle-registry';
import {
  type ConsumedRecord,
  type KafkaSettings,
  MissingTopicsError,
  RangeReader,
  topicsSeen,
} from '@pagebridge/kafka';
import { say } from '@pagebridge/process';
import { answered } from '../kafka/answered.ts';
import { RegistryTables } from './registry-tables.ts';

/** Reads the tables of the registry from Kafka, and says which records cannot be read. Rejects with a KafkaError. */
export async function readRegistry(settings: KafkaSettings): Promise<RegistryTables> {
  const tables = new RegistryTables();
  let unreadable = 0;
  const feed = new RegistryFeed(tables);
  const handle = (record: ConsumedRecord) => {
    if (feed.handle(record) !== undefined) unreadable += 1;
  };
  const topics = offeringCards.map(({ topic }) => topic);
  const counts = await topicsSeen(settings);
  const missing = topics.filter((topic) => !counts.has(topic));
  if (missing.length > 0) throw new MissingTopicsError(missing);
  const reader = new RangeReader(settings);
  try {
    const reads = topics.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => reader.readAll(topic, partition, handle)),
    );
    await answered(reader, Promise.all(reads));
    const lost = unreadable + reader.undecodable;
    if (lost > 0) say(`warning: ${lost} unreadable registry records; the previous values stay in effect`);
    return tables;
  } finally {
    await reader.stop();
  }
}
