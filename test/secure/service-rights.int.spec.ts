import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { AccessTokens, SyncRequests, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, Publisher } from '@pagebridge/kafka';
import { claimFolder, Processes } from '@pagebridge/local-stack';
import { createApp, KAFKA_SETTINGS, KafkaStartup, LOG, ServiceModule, Startup } from '@pagebridge/service';
import { configWithoutKafka, uniqueName, waitFor } from '@pagebridge/testing';
import type { Acl } from '@pagebridge/topics';
import { login, SecureBroker } from './secure-broker.ts';

describe('a service on a broker that wants rights', () => {
  const folder = claimFolder('secure-service');
  const processes = new Processes(folder);
  let broker: SecureBroker;
  beforeAll(async () => {
    broker = await SecureBroker.start(folder, processes, ['admin', 'alice', 'bob']);
  });
  afterAll(() => processes.killAll());
  const allow = (who: string, operation: Acl['operation'], resourceType: Acl['resourceType'], resourceName: string) =>
    broker.allow({ who, operation, resourceType, resourceName, patternType: 'literal' });

  it('starts with the rights to its own topics alone, also where there is no audit', async () => {
    const topic = uniqueName('secure-service');
    const partitions = 1;
    await createTopics(broker.settings(broker.sasl, login('admin')), [{ topic, partitions, config: {} }]);
    await allow('bob', 'Write', 'topic', topic);
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
    expect(app.get(Startup).health()).toEqual({ started: true, ready: true, detail: 'done' });
    await publisher.close();
    await app.close();
  });

  it('does not start without the right to write the dead letters of what it consumes, and names that right', async () => {
    const { topic } = SyncRequests.card;
    await createTopics(broker.settings(broker.sasl, login('admin')), topicDefinitionsOf(SyncRequests.card));
    await allow('bob', 'Read', 'topic', topic);
    await allow('bob', 'Describe', 'topic', `${topic}.dead`);
    const settings = broker.settings(broker.sasl, login('bob'), 'handle-sync');
    const service = ServiceModule.forRoot({ name: 'handle-sync', config: configWithoutKafka });
    const providers = [...(service.providers ?? []), { provide: KAFKA_SETTINGS, useValue: settings }];
    @Module({ imports: [{ ...service, providers }] })
    class ConsumingModule {}
    const app = await createApp(ConsumingModule);
    app.useLogger(false);
    app.get(KafkaStartup).connect([SyncRequests.card], new Publisher(settings));
    await app.init();
    await expect(app.get(Startup).run()).rejects.toThrow(`Kafka denies Write on topic ${topic}.dead`);
    await app.close();
  });

  it('goes on where it may not read the API tokens, and begins to read them once it may', async () => {
    const policy = join(folder.path, 'policy.json');
    writeFileSync(policy, JSON.stringify(anyPolicy));
    const { topic } = AccessTokens.card;
    await createTopics(broker.settings(broker.sasl, login('admin')), topicDefinitionsOf(AccessTokens.card));
    await allow('alice', 'Describe', 'topic', topic);
    const read: string[] = [];
    const kafkaLog = {
      debug: ignore,
      warn: ignore,
      error: ignore,
      info: (line: string) => void (/tables loaded/.test(line) && read.push(line)),
    };
    const settings = { ...broker.settings(broker.sasl, login('alice')), log: kafkaLog };
    const config = { ...configWithoutKafka, ACCESS: 'on', ACCESS_TOKENS: 'on', ACCESS_POLICY_FILE: policy } as const;
    const service = ServiceModule.forRoot({ name: 'page-routing', config });
    const told: string[] = [];
    const log = { debug: ignore, info: ignore, warn: ignore, error: (_: object, line: string) => told.push(line) };
    const others = [
      { provide: KAFKA_SETTINGS, useValue: settings },
      { provide: LOG, useValue: log },
    ];
    @Module({ imports: [{ ...service, providers: [...(service.providers ?? []), ...others] }] })
    class ReadingModule {}
    const app = await createApp(ReadingModule);
    app.useLogger(false);
    await app.init();
    await app.get(Startup).run();
    await waitFor('the missing right to be told', () => told.some((line) => /reading API tokens failed/.test(line)));
    await allow('alice', 'Read', 'topic', topic);
    await allow('alice', 'Read', 'group', '*');
    await waitFor('the tokens to be read', () => read.length > 0);
    await app.close();
  });
});

const ignore = () => undefined;

const anyPolicy = {
  issuers: [{ issuer: 'https://login.example.com', audience: 'pagebridge' }],
  rules: [{ claim: 'groups', value: 'operators', role: 'operator' }],
};
