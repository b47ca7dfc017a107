import { Consumer, MessagesStreamFallbackModes, MessagesStreamModes, Producer } from '@platformatic/kafka';
import type { KafkaAccess } from '../../../harness/kafka-access.ts';

interface PassInput {
  readonly kafka: KafkaAccess;
  readonly from: string;
  readonly to: string;
  readonly group: string;
}

/* The same router with @platformatic/kafka: its stream of messages, written in batches, several of them in flight. */
const [, , text = ''] = process.argv;
const { kafka, from, to, group }: PassInput = JSON.parse(text);
const sendsAtOnce = 4;
const atMost = 2_000;
const base = { clientId: 'bench-platformatic', bootstrapBrokers: kafka.brokers.split(',') };
const producer = new Producer(base);
const consumer = new Consumer({ ...base, groupId: group });
const stream = await consumer.consume({
  topics: [from],
  mode: MessagesStreamModes.COMMITTED,
  fallbackMode: MessagesStreamFallbackModes.EARLIEST,
  highWaterMark: 2 * atMost,
  maxWaitTime: 100,
});
let batch: { topic: string; key: Buffer; value: Buffer }[] = [];
let sending = 0;

async function send(): Promise<void> {
  if (batch.length === 0) return;
  const messages = batch;
  batch = [];
  sending += 1;
  if (sending >= sendsAtOnce) stream.pause();
  await producer.send({ messages, acks: -1 });
  sending -= 1;
  stream.resume();
}

stream.on('data', ({ key, value }) => {
  batch.push({ topic: to, key, value });
  if (batch.length >= atMost) void send();
  else if (batch.length === 1) setImmediate(send);
});
