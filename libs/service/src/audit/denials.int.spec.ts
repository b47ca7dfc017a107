import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { Audit, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, TableView } from '@pagebridge/kafka';
import { configWithoutKafka, testBrokers, uniqueName } from '@pagebridge/testing';
import { Requires } from '../access/requires.decorator.ts';
import { publisherProvider } from '../kafka/kafka-providers.ts';
import { KafkaStartup } from '../kafka/kafka-startup.ts';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { Startup } from '../startup.ts';
import { AUTHENTICATOR, KAFKA_SETTINGS } from '../tokens.ts';

const name = uniqueName('denying');
const nobody = { authenticate: async () => ({ refusal: { reason: 'no-token', detail: 'There is none.' } }) };

@Controller('things')
class ThingsController {
  constructor(kafka: KafkaStartup, publisher: Publisher) {
    kafka.connect([], publisher);
  }

  @Requires('handles:read', 'none')
  @Get()
  things(): object {
    return {};
  }
}

const service = ServiceModule.forRoot({ name, config: { ...configWithoutKafka, KAFKA_BROKERS: testBrokers().join() } });
const providers = [...(service.providers ?? []), { provide: AUTHENTICATOR, useValue: nobody }];
@Module({ imports: [{ ...service, providers }], controllers: [ThingsController], providers: [publisherProvider()] })
class DenyingModule {}

it('a service that stops first publishes its denials', async () => {
  const app = await createApp(DenyingModule);
  app.useLogger(false);
  const settings = app.get<KafkaSettings>(KAFKA_SETTINGS);
  await createTopics(settings, topicDefinitionsOf(Audit.card));
  await app.listen(0, '127.0.0.1');
  await app.get(Startup).run();
  expect((await fetch(`${await app.getUrl()}/things`)).status).toBe(401);
  await app.get(Publisher).close();
  await app.close();

  const published: unknown[] = [];
  const view = new TableView(settings, {
    topics: [Audit.card.topic],
    onRecord: (record) => {
      const read = Audit.decode(record);
      if (read.ok && read.event.data.service === name) published.push(read.event.data);
    },
  });
  await view.start();
  await view.stop();
  expect(published).toMatchObject([
    { kind: 'denials', sourceOrg: '-', route: 'GET /things', reason: 'no-token', count: 1 },
  ]);
});
