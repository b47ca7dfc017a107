import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Module } from '@nestjs/common';
import { createTopics, Publisher } from '@pagebridge/kafka';
import { createApp, KAFKA_SETTINGS, KafkaStartup, ServiceModule, Startup } from '@pagebridge/service';
import { configWithoutKafka, uniqueName } from '@pagebridge/testing';
import { login, SecureBroker } from './secure-broker.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(120_000);

describe('a service on a broker that wants rights', () => {
  let broker: SecureBroker;
  beforeAll(async () => {
    broker = await SecureBroker.start();
  });
  afterAll(() => broker?.stop());

  it('starts with the rights to its own topics alone, also where there is no audit', async () => {
    const topic = uniqueName('secure-service');
    const partitions = 1;
    await createTopics(broker.settings(broker.sasl, login('admin')), [{ topic, partitions, config: {} }]);
    await broker.allow('bob', 'WRITE', 'TOPIC', topic);
    const settings = broker.settings(broker.sasl, login('bob'));
    const service = ServiceModule.forRoot({ name: topic, config: configWithoutKafka });
    const providers = [...(service.providers ?? []), { provide: KAFKA_SETTINGS, useValue: settings }];
    @Module({ imports: [{ ...service, providers }] })
    class WritingModule {}
    const app = await createApp(WritingModule);
    app.useLogger(false);
    const publisher = new Publisher(settings);
    app.get(KafkaStartup).connect([{ topic, partitions }], publisher);
    await app.init();
    await app.get(Startup).run();
    expect(app.get(Startup).status()).toEqual({ ok: true, detail: 'done' });
    await publisher.close();
    await app.close();
  });
});
