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

/** A Kafka that can be up or down. */
const kafka = { isUp: true, records: [] as OutgoingRecord[], writes: 0 };
const clock = new FakeClock();
const lines: unknown[] = [];
const log = { debug() {}, info: (fields: unknown) => void lines.push(fields), warn: () => {}, error() {} };
const registry = new Registry();
const denials = new Denials({
  service: 'things',
  publish: async (records) => {
    kafka.writes += 1;
    if (!kafka.isUp) throw new Error('Kafka is down');
    kafka.records.push(...records);
  },
  close: async () => undefined,
  counter: deniedRequests(registry),
  log,
  clock,
});

const service = ServiceModule.forRoot({ name: 'things', config: configWithoutKafka });
const overrides = [
  { provide: AUTHENTICATOR, useValue: authenticator },
  { provide: Denials, useValue: denials },
];
@Module({
  imports: [{ ...service, providers: [...(service.providers ?? []), ...overrides] }],
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
  kafka.isUp = true;
  await clock.advance(60_000);
  kafka.records.length = 0;
  lines.length = 0;
});

const send = async (token: string, path: string) => {
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': `of-${token}` };
  return (await fetch(`${url}/v1/source-orgs/${path}`, { headers })).status;
};

/** Ends the minute and returns the audit records that are published for it. */
async function recordsOfMinute(): Promise<AuditRecord[]> {
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
  it('of a known identity is recorded once a minute with its route, org and missing permission', async () => {
    const minute = clock.now().toISOString();
    expect([await send('vik', 'acme-us/tokens?x=1'), await send('vik', 'acme-us/tokens')]).toEqual([403, 403]);
    expect(await recordsOfMinute()).toEqual([
      {
        kind: 'denials',
        service: 'things',
        sourceOrg: 'acme-us',
        actor: 'https://issuer.test#vik',
        requestId: 'caller:of-vik',
        route: 'GET /v1/source-orgs/:org/tokens',
        reason: 'missing-permission',
        permission: 'tokens:write',
        count: 2,
        minute,
        at: minute,
      },
    ]);
    expect(await recordsOfMinute()).toEqual([]);
  });

  it('of a known identity in a foreign org is recorded with that org', async () => {
    expect([await send('vik', 'globex/handles'), await send('vik', 'No%20Org/handles')]).toEqual([404, 404]);
    expect(await recordsOfMinute()).toMatchObject([
      { reason: 'foreign-org', sourceOrg: 'globex', count: 1 },
      { reason: 'foreign-org', sourceOrg: '-', count: 1 },
    ]);
  });

  it('of an unknown caller is summed by route, reason and minute, whatever org it names', async () => {
    for (const org of ['acme-us', 'globex', 'initech']) expect(await send('secret', `${org}/handles`)).toBe(401);
    const [sum, ...others] = await recordsOfMinute();
    expect(sum).toMatchObject({
      reason: 'malformed',
      sourceOrg: '-',
      route: 'GET /v1/source-orgs/:org/handles',
      count: 3,
    });
    expect(sum).not.toHaveProperty('actor');
    expect(others).toEqual([]);
  });

  it('is logged once a minute and counted each time, and neither the log nor the audit contains the token', async () => {
    await send('secret-token', 'acme-us/handles');
    await send('secret-token', 'acme-us/handles');
    expect(lines).toMatchObject([{ reason: 'malformed', route: 'GET /v1/source-orgs/:org/handles' }]);
    expect(await registry.metrics()).toMatch(/denied_requests_total\{.*reason="malformed".*\} [2-9]/);
    await clock.advance(60_000);
    expect(JSON.stringify([lines, kafka.records]).replaceAll('of-secret-token', '')).not.toContain('secret-token');
  });

  it('is not recorded for a request that is admitted, or whose route is public', async () => {
    expect([await send('vik', 'acme-us/handles'), await send('', 'acme-us/open')]).toEqual([200, 200]);
    expect(await recordsOfMinute()).toEqual([]);
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

  it('counts everything beyond the maximum number of rows in one overflow row', async () => {
    for (let n = 0; n < 1500; n += 1) deny(`org-${n}`, `caller-${n}`);
    const records = await recordsOfMinute();
    expect(records).toHaveLength(1001);
    expect(records.at(-1)).toMatchObject({ route: '*', reason: 'overflow', sourceOrg: '-', count: 500 });
    expect(records.at(-1)).not.toHaveProperty('actor');
  });

  it('keeps at most fifty rows for one identity and one overflow row, so that the rows of others are kept', async () => {
    const overflow = { route: '*', reason: 'overflow', sourceOrg: '-', actor: 'https://issuer.test#noisy' };
    kafka.isUp = false;
    for (let org = 0; org < 1500; org += 1) deny(`org-${org}`, 'noisy');
    expect(await recordsOfMinute()).toEqual([]);
    // Unwritten sums are merged with new ones: the identity keeps its fifty rows.
    for (let org = 1500; org < 3000; org += 1) deny(`org-${org}`, 'noisy');
    deny('acme-us', 'thief');
    kafka.isUp = true;
    const records = await recordsOfMinute();
    expect(records).toHaveLength(52);
    expect(records.filter(({ actor }) => actor?.endsWith('#noisy'))).toHaveLength(51);
    expect(records).toContainEqual(expect.objectContaining({ ...overflow, count: 2950 }));
    expect(records.at(-1)).toMatchObject({ sourceOrg: 'acme-us', actor: 'https://issuer.test#thief', count: 1 });
  });

  it('keeps denials that could not be written and writes them a minute later', async () => {
    kafka.isUp = false;
    deny('acme-us');
    const since = clock.now().toISOString();
    expect(await recordsOfMinute()).toEqual([]);
    deny('acme-us');
    kafka.isUp = true;
    expect(await recordsOfMinute()).toMatchObject([{ count: 2, minute: since }]);
    expect(await recordsOfMinute()).toEqual([]);
  });

  it('is written when the service stops', async () => {
    deny('acme-us');
    await denials.onApplicationShutdown();
    await settled();
    expect(kafka.records).toHaveLength(1);
    denials.start();
  });
});
