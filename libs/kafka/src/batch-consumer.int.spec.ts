import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import {
  committed,
  PlainReader,
  recordingLog,
  recordsTo,
  settingsWith,
  Topics,
  textOf,
} from '../test-fixtures/real-kafka.ts';
import {
  BatchConsumer,
  type BatchConsumerOptions,
  done,
  type KafkaObserver,
  Publisher,
  type RecordBatch,
} from './index.ts';

describe('a batch consumer', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  const consumers: BatchConsumer[] = [];
  beforeAll(() => publisher.start());
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  });
  afterAll(async () => {
    await publisher.close();
    await topics.remove();
  });

  async function consume(
    topic: string,
    handlers: BatchConsumerOptions['handlers'],
    options: Partial<BatchConsumerOptions> & { observer?: KafkaObserver } = {},
  ) {
    const { observer = {}, ...rest } = options;
    const group = uniqueName('kafka-spec');
    const consumer = new BatchConsumer(settingsWith(observer, recordingLog()), {
      group,
      topics: [topic],
      handlers,
      ...rest,
    });
    consumers.push(consumer);
    await consumer.start();
    return { consumer, group };
  }

  it('hands over every record in order and commits what is dealt with', async () => {
    const topic = await topics.make(2);
    await publisher.publish(recordsTo(topic, 1000));
    const seen: RecordBatch[] = [];
    const { group } = await consume(topic, async (batch) => {
      seen.push(batch);
      return done;
    });
    const records = () => seen.flatMap((batch) => batch.records);
    await waitFor('all records', () => records().length === 1000);
    for (const partition of [0, 1]) {
      const offsets = records()
        .filter((r) => r.partition === partition)
        .map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, n) => n));
    }
    expect(seen[0]?.generation).toBe(1);
    const ends = [0, 1].map((partition) => records().filter((r) => r.partition === partition).length);
    await waitFor('the commit', async () => expect(await committed(group, topic)).toEqual(ends) === undefined);
  });

  it('parks records with their bytes, key and headers before it commits', async () => {
    const topic = await topics.make(3);
    const bytes = Buffer.from([0, 1, 2, 255]);
    await publisher.publish([{ topic, key: 'k', value: bytes, headers: { odd: Buffer.from([9]), twice: ['a', 'b'] } }]);
    const dead = await new PlainReader().start(`${topic}.dead`);
    const { group } = await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'not-json', detail: 'häßlich\n' })),
    }));
    const [letter] = await waitFor('the dead letter', () => dead.records.length > 0 && dead.records);
    expect(letter?.value).toEqual(bytes);
    expect(textOf(letter?.key ?? null)).toBe('k');
    const headers = Object.fromEntries(
      Object.entries(letter?.headers ?? {}).map(([k, v]) => [k, [v].flat().map(String)]),
    );
    expect(headers).toMatchObject({
      odd: ['\t'],
      twice: ['a', 'b'],
      'x-dlq-reason': ['not-json'],
      'x-dlq-detail': ['h\\u00e4\\u00dflich\\u000a'],
      'x-dlq-topic': [topic],
      'x-dlq-partition': [String(letter?.partition)],
      'x-dlq-offset': ['0'],
      'x-dlq-group': [group],
      'x-dlq-service': ['kafka-spec'],
      'x-dlq-attempts': ['1'],
    });
    await dead.stop();
  });
});
