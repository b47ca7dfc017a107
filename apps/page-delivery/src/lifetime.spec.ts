import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { CONFIG, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { Connections } from './application/connections.ts';
import { Delivery } from './application/delivery.ts';
import { Lifetime } from './lifetime.ts';
import { KafkaCommands } from './outbound/kafka-commands.ts';

const detail = 'paging.connections.v1/3 has not been read yet: LEADER_NOT_AVAILABLE';
let gaps: object[] = [];
const nothing = async () => undefined;
const part = { health: () => ({ ready: true, detail: 'fine' }), stop: nothing, close: nothing };
const view = { ...part, gaps: () => gaps, health: () => ({ ready: gaps.length === 0, detail }) };

@Module({
  providers: [
    Connections,
    Health,
    Lifetime,
    { provide: KafkaStartup, useValue: { connect: nothing, read: nothing } },
    { provide: Startup, useValue: { before: nothing } },
    { provide: TableView, useValue: view },
    { provide: CONFIG, useValue: { STOP_TIMEOUT_MS: 1000 } },
    ...[Publisher, RangeReader, KafkaCommands, Delivery].map((provide) => ({ provide, useValue: part })),
  ],
})
class LifetimeModule {}

it('page-delivery is not ready, and no connection counts as unknown, while a partition of the connections is not read', async () => {
  const app = await NestFactory.createApplicationContext(LifetimeModule, { logger: false });
  const [health, connections] = [app.get(Health), app.get(Connections)];
  expect([health.report('ready').ok, connections.mayLack()]).toEqual([true, false]);
  gaps = [{ detail }];
  expect(health.report('ready')).toMatchObject({ ok: false, checks: { connections: { ok: false, detail } } });
  expect([health.report('live').ok, connections.mayLack()]).toEqual([true, true]);
  await app.close();
});
