import kafkajs from 'kafkajs';
import type { KafkaAccess } from '../../../harness/kafka-access.ts';

interface PassInput {
  readonly kafka: KafkaAccess;
  readonly from: string;
  readonly to: string;
  readonly group: string;
}

/*
 * A minimal router on kafkajs: writes each consumed batch as one batch, acknowledged by all in-sync replicas before the offset
 * is committed.
 */
const [, , text = ''] = process.argv;
const { kafka, from, to, group }: PassInput = JSON.parse(text);
// Our library would patch kafkajs, so this program imports nothing of it.
const brokers = kafka.brokers.split(',');
const client = new kafkajs.Kafka({ brokers, clientId: 'bench-pass-through', logLevel: kafkajs.logLevel.NOTHING });
const consumer = client.consumer({ groupId: group });
const producer = client.producer();
await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topic: from, fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 12,
  eachBatch: async ({ batch }) => {
    const messages = batch.messages.map(({ key, value, headers = {} }) => ({ key, value, headers }));
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic: to, messages }] });
  },
});
