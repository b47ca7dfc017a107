import kafkajs from 'kafkajs';
import { Arrivals } from '../arrivals.ts';

interface WatchInput {
  readonly brokers: string;
  readonly topic: string;
  readonly controlPort: number;
}

/* Notes when the records of a topic can be read, from its first on. */
const [, , text = ''] = process.argv;
const { brokers, topic, controlPort }: WatchInput = JSON.parse(text);
const arrivals = new Arrivals();
const { Kafka, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: [brokers], clientId: 'bench-watch', logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `bench-watch-${topic}`, maxWaitTimeInMs: 500 });
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
