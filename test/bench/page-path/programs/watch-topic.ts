import kafkajs from 'kafkajs';
import { type KafkaAccess, kafkajsOptions } from '../../../harness/kafka-access.ts';
import { Arrivals } from '../arrivals.ts';

interface WatchInput {
  readonly kafka: KafkaAccess;
  readonly topic: string;
  readonly controlPort: number;
}

/* Counts the records of a topic when they can be read, from the first on. */
const [, , text = ''] = process.argv;
const { kafka, topic, controlPort }: WatchInput = JSON.parse(text);
const arrivals = new Arrivals();
const consumer = new kafkajs.Kafka(kafkajsOptions(kafka, 'bench-watch')).consumer({
  groupId: `bench-watch-${topic}`,
  maxWaitTimeInMs: 500,
});
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 12,
  eachBatch: async ({ batch }) => {
    for (const { value } of batch.messages) if (value) arrivals.note(value.toString('latin1'));
  },
});
arrivals.serve(controlPort);
