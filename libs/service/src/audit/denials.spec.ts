import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Authenticator, type Identity, type Permission, permissions } from '@pagebridge/access';
import { Audit, type AuditRecord, type OutgoingRecord } from '@pagebridge/contracts';
import { configWithoutKafka, FakeClock, settled } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { requireHeld } from '../access/held.ts';
import { type IdentifiedRequest, IdentityOf } from '../access/identity-of.decorator.ts';
import { Public, Requires } from '../access/requires.decorator.ts';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { AUTHENTICATOR } from '../tokens.ts';
import { deniedRequests } from './denials.provider.ts';
import { Denials } from './denials.ts';

const identity = (subject: string, ...held: readonly Permission[]): Identity => ({
  issuer: 'https://issuer.test',
  subject,
  grants: [{ sourceOrg: 'acme-us', permissions: new Set(held) }],
});
const people: Readonly<Record<string, Identity>> = {
  ada: identity('ada', ...permissions),
  vik: identity('vik', 'handles:read'),
};
const authenticator: Authenticator = {
  async authenticate(token = '') {
    const known = people[token];
    return known ? { identity: known } : { refusal: { reason: 'malformed', detail: 'no such token' } };
  },
};

@Controller('v1/source-orgs/:org')
class OrgController {
  @Requires('handles:read')
  @Get('handles')
  handles(): object {
    return {};
  }

  @Requires('tokens:write')
  @Get('tokens')
  tokens(@IdentityOf() _identity: Identity): object {
    return {};
  }

  @Public()
  @Get('open')
  open(): object {
    return {};
  }
}

/** A Kafka that is there or not. */
const kafka = { isThere: true, records: [] as OutgoingRecord[], writes: 0 };
const clock = new FakeClock();
const lines: unknown[] = [];
const log = { debug() {}, info: (fields: unknown) => void lines.push(fields), warn: () => {}, error() {} };
const registry = new Registry();
const denials = new Denials({
  service: 'things',
  publish: async (records) => {
    kafka.writes += 1;
    if (!kafka.isThere) throw new Error('Kafka is away');
    kafka.records.push(...records);
  },
  close: async () => undefined,
  counter: deniedRequests(registry),
  log,
  clock,
});

const its = ServiceModule.forRoot({ name: 'things', config: configWithoutKafka });
const overrides = [
  { provide: AUTHENTICATOR, useValue: authenticator },
  { provide: Denials, useValue: denials },
];
@Module({
  imports: [{ ...its, providers: [...(its.providers ?? []), ...overrides] }],
  controllers: [OrgController],
})
class ThingsModule {}

let app: NestExpressApplication;
let url: string;
beforeAll(async () => {
  app = await createApp(ThingsModule);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  denials.start();
});
afterAll(() => app.close());
beforeEach(async () => {
  kafka.isThere = true;
  await clock.advance(60_000);
  kafka.records.length = 0;
  lines.length = 0;
});

const ask = async (token: string, path: string) => {
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': `of-${token}` };
  return (await fetch(`${url}/v1/source-orgs/${path}`, { headers })).status;
};

/** What the audit is told when the minute is over. */
async function told(): Promise<AuditRecord[]> {
  kafka.records.length = 0;
  await clock.advance(60_000);
  return kafka.records.map((record) => {
    const read = Audit.decode(record);
    if (!read.ok) throw new Error(read.detail);
    expect(record.key).toBe(read.event.data.sourceOrg);
    return read.event.data;
  });
}

describe('a denied request', () => {
  it('of a known identity is told with route, org and missing permission, once a minute', async () => {
    const minute = clock.now().toISOString();
    expect([await ask('vik', 'acme-us/tokens?x=1'), await ask('vik', 'acme-us/tokens')]).toEqual([403, 403]);
    expect(await told()).toEqual([
      {
        kind: 'denials',
        service: 'things',
        sourceOrg: 'acme-us',
        actor: 'https://issuer.test#vik',
        requestId: 'of-vik',
        route: 'GET /v1/source-orgs/:org/tokens',
        reason: 'missing-permission',
        permission: 'tokens:write',
        count: 2,
        minute,
        at: minute,
      },
    ]);
    expect(await told()).toEqual([]);
  });

  it('of a known identity in a foreign org is told with that org', async () => {
    expect([await ask('vik', 'globex/handles'), await ask('vik', 'No%20Org/handles')]).toEqual([404, 404]);
    expect(await told()).toMatchObject([
      { reason: 'foreign-org', sourceOrg: 'globex', count: 1 },
      { reason: 'foreign-org', sourceOrg: '-', count: 1 },
    ]);
  });

  it('of nobody known is summed by route, reason and minute, whatever it names', async () => {
    for (const org of ['acme-us', 'globex', 'initech']) expect(await ask('secret', `${org}/handles`)).toBe(401);
    const [sum, ...others] = await told();
    expect(sum).toMatchObject({
      reason: 'malformed',
      sourceOrg: '-',
      route: 'GET /v1/source-orgs/:org/handles',
      count: 3,
    });
    expect(sum).not.toHaveProperty('actor');
    expect(others).toEqual([]);
  });

  it('is logged once a minute, counted each time, and neither tells the token', async () => {
    await ask('secret-token', 'acme-us/handles');
    await ask('secret-token', 'acme-us/handles');
    expect(lines).toMatchObject([{ reason: 'malformed', route: 'GET /v1/source-orgs/:org/handles' }]);
    expect(await registry.metrics()).toMatch(/denied_requests_total\{.*reason="malformed".*\} [2-9]/);
    await clock.advance(60_000);
    expect(JSON.stringify([lines, kafka.records]).replaceAll('of-secret-token', '')).not.toContain('secret-token');
  });

  it('is none where the request is let through, or its route is public', async () => {
    expect([await ask('vik', 'acme-us/handles'), await ask('', 'acme-us/open')]).toEqual([200, 200]);
    expect(await told()).toEqual([]);
  });
});

describe('the audit of denials', () => {
  const deny = (sourceOrg: string, subject = 'vik') => {
    const request = { method: 'GET', identity: identity(subject, 'handles:read'), sourceOrg } as IdentifiedRequest;
    try {
      requireHeld(request, 'audit:read');
    } catch (denial) {
      denials.note(request, denial as Parameters<Denials['note']>[1]);
    }
  };

  it('counts in one row what is too much to be told apart', async () => {
    for (let n = 0; n < 1500; n += 1) deny(`org-${n}`, `caller-${n}`);
    const records = await told();
    expect(records).toHaveLength(1001);
    expect(records.at(-1)).toMatchObject({ route: '*', reason: 'overflow', sourceOrg: '-', count: 500 });
    expect(records.at(-1)).not.toHaveProperty('actor');
  });

  it('tells fifty rows of one identity apart and counts its others in one by its name, so that all others are told', async () => {
    const overflow = { route: '*', reason: 'overflow', sourceOrg: '-', actor: 'https://issuer.test#noisy' };
    kafka.isThere = false;
    for (let org = 0; org < 1500; org += 1) deny(`org-${org}`, 'noisy');
    expect(await told()).toEqual([]);
    // What is kept is summed with what comes: the fifty stay fifty.
    for (let org = 1500; org < 3000; org += 1) deny(`org-${org}`, 'noisy');
    deny('acme-us', 'thief');
    kafka.isThere = true;
    const records = await told();
    expect(records).toHaveLength(52);
    expect(records.filter(({ actor }) => actor?.endsWith('#noisy'))).toHaveLength(51);
    expect(records).toContainEqual(expect.objectContaining({ ...overflow, count: 2950 }));
    expect(records.at(-1)).toMatchObject({ sourceOrg: 'acme-us', actor: 'https://issuer.test#thief', count: 1 });
  });

  it('keeps what could not be written for the next minute', async () => {
    kafka.isThere = false;
    deny('acme-us');
    const since = clock.now().toISOString();
    expect(await told()).toEqual([]);
    deny('acme-us');
    kafka.isThere = true;
    expect(await told()).toMatchObject([{ count: 2, minute: since }]);
    expect(await told()).toEqual([]);
  });

  it('is written at the stop', async () => {
    deny('acme-us');
    await denials.onApplicationShutdown();
    await settled();
    expect(kafka.records).toHaveLength(1);
    denials.start();
  });
});
