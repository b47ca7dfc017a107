import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { Health, KafkaStartup } from '@pagebridge/service';
import { OwnedDirectories } from './application/owned-directories.ts';
import { Lifetime } from './lifetime.ts';

let writing = { ready: true, detail: 'no overdue records' };
const nothing = async () => undefined;
const reader = { health: () => ({ live: true, ready: true, detail: 'read' }), stop: nothing };

@Module({
  providers: [
    Health,
    Lifetime,
    { provide: KafkaStartup, useValue: { connect: nothing, read: nothing } },
    { provide: Publisher, useValue: { health: () => writing, close: nothing } },
    { provide: TableView, useValue: reader },
    { provide: RangeReader, useValue: reader },
    { provide: OwnedDirectories, useValue: { stop: nothing } },
  ],
})
class LifetimeModule {}

it('handle-sync is not ready but stays live while its records wait for a partition, which the check names', async () => {
  const app = await NestFactory.createApplicationContext(LifetimeModule, { logger: false });
  const health = app.get(Health);
  expect(health.report('ready').ok).toBe(true);
  writing = { ready: false, detail: 'paging.handles.v1/3: no leader, 12 s' };
  expect(health.report('ready')).toMatchObject({
    ok: false,
    checks: { writing: { ok: false, detail: 'paging.handles.v1/3: no leader, 12 s' } },
  });
  expect(health.report('live').ok).toBe(true);
  writing = { ready: true, detail: 'no overdue records' };
  expect(health.report('ready').ok).toBe(true);
  await app.close();
});
