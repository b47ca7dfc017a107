import kafkajs from 'kafkajs';

/* Reads a topic from its beginning to its end with kafkajs alone, as fast as it goes, and does nothing with the records. */
interface ReadInput {
  readonly brokers: string;
  readonly topic: string;
}

const [, , text = ''] = process.argv;
const { brokers, topic }: ReadInput = JSON.parse(text);
const kafka = new kafkajs.Kafka({ brokers: [brokers], clientId: 'raw', logLevel: kafkajs.logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
const offsets = await admin.fetchTopicOffsets(topic);
const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
await admin.disconnect();

const startedAt = performance.now();
const consumer = kafka.consumer({
  groupId: `raw-${process.pid}`,
  // As the registry's reader has them, for which they were chosen; kafkajs is slower with its own.
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxBytes: 8 * 1024 * 1024,
});
let records = 0;
const ended = Promise.withResolvers<void>();
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    records += batch.messages.length;
    if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition);
    if (ends.size === 0) ended.resolve();
  },
});
await ended.promise;
const seconds = (performance.now() - startedAt) / 1000;
await consumer.disconnect();
process.stdout.write(`${JSON.stringify({ recordsPerSecond: records / seconds, records })}\n`);
