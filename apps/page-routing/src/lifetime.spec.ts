import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { BackgroundTable, CONSUMER_TUNING, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { DeferredPaging } from './application/deferred-paging/deferred-paging.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { Lifetime } from './lifetime.ts';
import { OrgTopics } from './outbound/org-topics.ts';

let registry = { ready: true, detail: 'lag 0' };
const nothing = async () => undefined;
const part = { health: () => ({ ready: true, detail: 'fine' }), stop: nothing, close: nothing };

@Module({
  providers: [
    Health,
    Lifetime,
    { provide: KafkaStartup, useValue: { connect: nothing, read: nothing } },
    { provide: Startup, useValue: { before: nothing } },
    { provide: TableView, useValue: { ...part, health: () => registry } },
    ...[Publisher, RangeReader, BackgroundTable, DeferredPaging, OrgTopics].map((provide) => ({
      provide,
      useValue: part,
    })),
    ...[AlertsConsumer, CONSUMER_TUNING].map((provide) => ({ provide, useValue: {} })),
  ],
})
class LifetimeModule {}

it('page-routing is not ready but stays live while it cannot read a partition of its registry, which the check names', async () => {
  const app = await NestFactory.createApplicationContext(LifetimeModule, { logger: false });
  const health = app.get(Health);
  expect(health.report('ready').ok).toBe(true);
  registry = {
    ready: false,
    detail: 'paging.handles.v1/3 has not been read to its end for 31 s: LEADER_NOT_AVAILABLE',
  };
  expect(health.report('ready')).toMatchObject({
    ok: false,
    checks: { registry: { ok: false, detail: registry.detail } },
  });
  expect(health.report('live').ok).toBe(true);
  await app.close();
});
