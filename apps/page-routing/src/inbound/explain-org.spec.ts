import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { createApp, ServiceModule, Startup } from '@pagebridge/service';
import { anAlert, anAlertRecord, configWithoutKafka, TestIssuer } from '@pagebridge/testing';
import { ExplainController } from './explain.controller.ts';
import { DEFERRED_PAGING_MS, GAP_OF } from './tokens.ts';

let folder: string;
let issuer: TestIssuer;
let app: NestExpressApplication;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'explain-'));
  const policyFile = join(folder, 'policy.json');
  issuer = await TestIssuer.start();
  writeFileSync(policyFile, issuer.policy);
  const config = { ...configWithoutKafka, ACCESS: 'on' as const, ACCESS_POLICY_FILE: policyFile };
  @Module({
    imports: [ServiceModule.forRoot({ name: 'page-routing', config })],
    controllers: [ExplainController],
    providers: [
      HandleRegistry,
      { provide: DEFERRED_PAGING_MS, useValue: 0 },
      { provide: GAP_OF, useValue: () => undefined },
    ],
  })
  class TestModule {}
  app = await createApp(TestModule);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  await app.get(Startup).run();
});
afterAll(async () => {
  await app.close();
  await issuer.close();
  rmSync(folder, { recursive: true });
});

const own = anAlert({ sourceOrg: 'acme-us' });
const foreign = anAlert({ sourceOrg: 'initech-us' });
const eventOf = (data: typeof own): object => JSON.parse(String(anAlertRecord(data).value));

async function statusOf(body: string): Promise<number> {
  const authorization = `Bearer ${await issuer.tokenOf('ada', 'acme-us-admin')}`;
  const headers = { 'content-type': 'application/json', authorization };
  return (await fetch(`${await app.getUrl()}/v1/explain`, { method: 'POST', headers, body })).status;
}

describe('an alert is explained only to callers with the permission in its source org', () => {
  it.each([
    ['data', own],
    ['an event', eventOf(own)],
    ['an event with another org beside its data', { ...eventOf(own), sourceOrg: 'initech-us' }],
  ])('and accepted as %s', async (_case, body) => {
    expect(await statusOf(JSON.stringify(body))).toBe(200);
  });

  it.each([
    ['data', JSON.stringify(foreign)],
    ['an event', JSON.stringify(eventOf(foreign))],
    ['data with other data inside', JSON.stringify({ ...foreign, data: own })],
    ['an event with another org beside its data', JSON.stringify({ ...eventOf(foreign), sourceOrg: 'acme-us' })],
    [
      'an event without a version',
      JSON.stringify({ ...eventOf(foreign), ...foreign, specversion: undefined, data: own }),
    ],
    ['an event whose version is null', JSON.stringify({ ...own, specversion: null, data: foreign })],
    ['data that names two orgs', JSON.stringify(own).replace(/}$/, ',"sourceOrg":"initech-us"}')],
  ])('and refused for another org as %s', async (_case, body) => {
    expect(await statusOf(body)).toBe(404);
  });
});
