import kafkajs from 'kafkajs';
import { type KafkaAccess, kafkajsOptions } from '../../../harness/kafka-access.ts';

interface PassInput {
  readonly kafka: KafkaAccess;
  readonly from: string;
  readonly to: string;
  readonly group: string;
}

/*
 * The least that a router on kafkajs could do: what is read in a batch is written in a batch, acknowledged by all
 * replicas before the offset is committed.
 */
const [, , text = ''] = process.argv;
const { kafka, from, to, group }: PassInput = JSON.parse(text);
const client = new kafkajs.Kafka(kafkajsOptions(kafka, 'bench-pass-through'));
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
