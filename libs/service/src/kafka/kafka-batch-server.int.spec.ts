import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  type BatchResult,
  createTopics,
  done,
  type KafkaSettings,
  Publisher,
  type RecordBatch,
} from '@pagebridge/kafka';
import { configWithoutKafka, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { KAFKA_SETTINGS } from '../tokens.ts';
import { KafkaBatchServer } from './kafka-batch-server.ts';

const topic = `${uniqueName('service-spec')}.v1`;
const batches: string[][] = [];
let failures = 0;

@Controller()
class WordsController {
  @EventPattern<Record<string, RecordBatch>>(topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const words = batch.records.map((record) => String(record.value));
    if (words.includes('bomb') && failures++ === 0) throw new Error('went off');
    batches.push(words);
    return words.includes('poison') ? { parked: parkedIn(batch) } : done;
  }
}

const parkedIn = (batch: RecordBatch) =>
  batch.records
    .filter((record) => String(record.value) === 'poison')
    .map(({ offset }) => ({ offset, reason: 'not-json' as const, detail: 'It is poison.' }));

const brokers = testBrokers().join();
const config = { ...configWithoutKafka, KAFKA_BROKERS: brokers } as const;

@Module({ imports: [ServiceModule.forRoot({ name: 'service-spec', config })], controllers: [WordsController] })
class WordsModule {}

describe('the batch transport', () => {
  let app: NestExpressApplication;
  let publisher: Publisher;

  beforeAll(async () => {
    app = await createApp(WordsModule);
    app.useLogger(false);
    const settings = app.get<KafkaSettings>(KAFKA_SETTINGS);
    const partitions = 1;
    await createTopics(
      settings,
      [topic, `${topic}.dead`].map((name) => ({ topic: name, partitions, config: {} })),
    );
    publisher = new Publisher(settings);
    await publisher.start();
    const fatal = (error: Error) => {
      throw error;
    };
    app.connectMicroservice({ strategy: new KafkaBatchServer(settings, uniqueName('service-spec'), {}, fatal) });
    await app.startAllMicroservices();
  });

  afterAll(async () => {
    await publisher.close();
    await app.close();
  });

  const publish = (...words: string[]) =>
    publisher.publish(words.map((word) => ({ topic, key: 'k', value: Buffer.from(word), headers: {} })));
  const handled = (word: string) =>
    waitFor(`"${word}" to be handled`, () => batches.find((words) => words.includes(word)));

  it('passes a whole batch to the handler of its topic', async () => {
    await publish('one', 'two', 'three');
    expect(await handled('three')).toEqual(['one', 'two', 'three']);
  });

  it('delivers the batch again when the handler throws', async () => {
    await publish('bomb');
    await handled('bomb');
    expect(failures).toBe(2);
  });

  it('continues after a record that the handler parks', async () => {
    await publish('poison', 'after');
    await handled('after');
    await publish('later');
    expect(await handled('later')).toEqual(['later']);
  });
});
