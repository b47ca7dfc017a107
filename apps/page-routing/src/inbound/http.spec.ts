import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Alerts } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { BackgroundTable, createApp, ServiceModule, Startup } from '@pagebridge/service';
import { aConnection, aHandle, anAlert, anAlertRecord, configWithoutKafka } from '@pagebridge/testing';
import { ConflictsController } from './conflicts.controller.ts';
import type { ConflictList } from './conflicts.dto.ts';
import { ExplainController } from './explain.controller.ts';
import type { ExplanationDto } from './explanation.dto.ts';
import { openApi } from './open-api.ts';
import { DEFERRED_PAGING_MS, GAP_OF } from './tokens.ts';

/** A connection with a directory of its own. */
const connectionWith = (its: Parameters<typeof aConnection>[0]) => {
  const connectionId = randomUUID();
  return aConnection({ connectionId, directory: `EU1/~/${connectionId}`, ...its });
};

const older = connectionWith({ name: 'Globex EU', slug: 'eu' });
const younger = connectionWith({ name: 'Globex AP', slug: 'ap', createdAt: '2026-02-01T00:00:00.000Z' });
const third = connectionWith({ sourceOrg: 'falls-back' });
const spare = connectionWith({ sourceOrg: 'falls-over', name: 'Globex AP', slug: 'ap' });
const backedUp = connectionWith({
  sourceOrg: 'falls-over',
  failover: { connectionId: spare.connectionId, teamHandle: 'operations', afterFailures: 3 },
});
const lonely = connectionWith({
  sourceOrg: 'falls-over',
  failover: { connectionId: spare.connectionId, teamHandle: 'nobody', afterSeconds: 60 },
});
const off = connectionWith({ sourceOrg: 'switched-off', slug: 'off', enabled: false });
const on = connectionWith({ sourceOrg: 'switched-off', slug: 'on', createdAt: '2026-02-01T00:00:00.000Z' });
const teams = [
  ...[off, on].map(({ directory }) => aHandle({ directory })),
  aHandle({ directory: older.directory }),
  aHandle({ directory: younger.directory }),
  aHandle({ directory: younger.directory, teamHandle: 'ours' }),
  aHandle({ directory: younger.directory, teamHandle: 'eu/core-infra' }),
  aHandle({ directory: third.directory }),
  aHandle({ directory: backedUp.directory }),
  aHandle({ directory: lonely.directory, teamHandle: 'lonely' }),
  aHandle({ directory: spare.directory, teamId: 'team-7', teamHandle: 'operations' }),
];

let areDirectoriesRead = true;
const unreadPart = 'paging.handles.v1/3 has not been read yet: LEADER_NOT_AVAILABLE';

const known = (): HandleRegistry => {
  const registry = new HandleRegistry();
  for (const connection of [older, younger, third, spare, backedUp, lonely, off, on]) {
    registry.applyConnection(connection.connectionId, connection);
  }
  for (const team of teams) registry.applyHandle(team.directory, team.teamId, team);
  registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['ours'], version: 1 });
  const fallsBack = { sourceOrg: 'falls-back', localHandles: [], fallbackHandle: 'core-infra', version: 1 };
  registry.applySourceOrg('falls-back', fallsBack);
  return registry;
};

function aModule() {
  @Module({
    imports: [ServiceModule.forRoot({ name: 'page-routing', config: configWithoutKafka })],
    controllers: [ExplainController, ConflictsController],
    providers: [
      { provide: HandleRegistry, useFactory: known },
      { provide: DEFERRED_PAGING_MS, useValue: 600_000 },
      { provide: BackgroundTable, useValue: { isRead: () => areDirectoriesRead } },
      { provide: GAP_OF, useValue: (org: string) => (org === 'half-read' ? unreadPart : undefined) },
    ],
  })
  class TestModule {}
  return TestModule;
}

async function listening(): Promise<NestExpressApplication> {
  const starting = await createApp(aModule(), openApi);
  starting.useLogger(false);
  await starting.listen(0, '127.0.0.1');
  return starting;
}

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  app = await listening();
  await app.get(Startup).run();
  url = await app.getUrl();
});

afterAll(() => app.close());

const explain = (body: unknown) =>
  fetch(`${url}/v1/explain`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const explained = async (body: unknown) => (await (await explain(body)).json()) as ExplanationDto;

it('responds with 503 until the registry is read', async () => {
  const starting = await listening();
  const at = await starting.getUrl();
  const body = JSON.stringify(anAlert());
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  for (const response of [fetch(`${at}/v1/explain`, request), fetch(`${at}/v1/source-orgs/acme-us/conflicts`)]) {
    expect((await response).status).toBe(503);
    expect(await (await response).json()).toMatchObject({ code: 'not-ready' });
  }
  await starting.close();
});

describe('POST /v1/explain', () => {
  it('is the only method there', async () => {
    const response = await fetch(`${url}/v1/explain`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('returns the reasons for a page, and the command that would be sent', async () => {
    const answer = await explained(anAlert({ message: 'See @oncall-core-infra.', priority: 'P4' }));
    const pageId = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(answer).toEqual({
      alert: 'acme-us/monitor-1234:host:backend-7',
      decisions: [
        {
          kind: 'page',
          mention: 'core-infra.',
          namesTried: ['core-infra.', 'core-infra'],
          matched: 'exact',
          name: 'core-infra',
          connection: { connectionId: older.connectionId, name: 'Globex EU', slug: 'eu', enabled: true },
          team: { teamId: teams[2]?.teamId, teamHandle: 'core-infra' },
          contenders: [
            {
              connectionId: older.connectionId,
              connectionName: 'Globex EU',
              enabled: true,
              matched: 'exact',
              teamId: teams[2]?.teamId,
              teamHandle: 'core-infra',
              qualifiedHandle: '@oncall-eu/core-infra',
              claimedAt: '2026-01-01T00:00:00.000Z',
              paged: true,
            },
            {
              connectionId: younger.connectionId,
              connectionName: 'Globex AP',
              enabled: true,
              matched: 'exact',
              teamId: teams[3]?.teamId,
              teamHandle: 'core-infra',
              qualifiedHandle: '@oncall-ap/core-infra',
              claimedAt: '2026-02-01T00:00:00.000Z',
              paged: false,
            },
          ],
          why: 'Of 2 teams that claim it, the team of connection "Globex EU" has precedence: it was first read with this handle at 2026-01-01T00:00:00.000Z, before all others.',
          urgency: 'low',
          pageId,
          wouldSend: {
            topic: 'paging.page-commands.v1',
            key: 'acme-us/monitor-1234:host:backend-7',
            id: pageId,
            data: expect.objectContaining({ kind: 'page', pageId, ambiguousWith: [younger.connectionId] }),
          },
        },
      ],
      wouldSync: [],
    });
  });

  it('accepts a whole CloudEvent and returns the page id that it would have', async () => {
    const record = anAlertRecord();
    const event = JSON.parse(String(record.value));
    const ids = [await explained(event), await explained({ ...event, id: 'another' })].map(
      (answer) => answer.decisions[0]?.pageId,
    );
    expect(await explained(event)).toMatchObject({ decisions: [{ pageId: ids[0] }] });
    expect(ids[1]).not.toBe(ids[0]);
    expect(Alerts.decode(record)).toMatchObject({ ok: true });
  });

  it('returns until when an unknown handle would wait, and nothing for other handles', async () => {
    const before = Date.now();
    const { decisions } = await explained(anAlert({ message: '@oncall-ours @oncall-nobody' }));
    expect(decisions[0]).not.toHaveProperty('waitingUntil');
    const { waitingUntil, wouldSend } = decisions[1] ?? {};
    expect(Date.parse(waitingUntil ?? '')).toBeGreaterThanOrEqual(before + 600_000);
    expect(wouldSend?.data).toMatchObject({ waitingUntil });
  });

  it('returns why a handle would be unrouted', async () => {
    const answer = await explained(
      anAlert({ message: '@oncall-ours @oncall-core-infar @oncall-eu/core-infra @oncall-core-infra' }),
    );
    expect(answer).toMatchObject({
      decisions: [
        { kind: 'unrouted', reason: 'local', namesTried: ['ours'] },
        { kind: 'unrouted', reason: 'unknown-handle', nearest: { handle: '@oncall-core-infra' } },
        { kind: 'page', matched: 'qualified' },
        { kind: 'same-page' },
      ],
      wouldSync: [older.directory, younger.directory],
    });
    expect(answer.decisions[3]).not.toHaveProperty('wouldSend');
  });

  it('returns the part of the registry that was not read and may have an unknown handle', async () => {
    const { decisions } = await explained(anAlert({ sourceOrg: 'half-read' }));
    const detail = expect.stringContaining(unreadPart);
    expect(decisions).toMatchObject([{ kind: 'unrouted', reason: 'registry-incomplete', detail }]);
  });

  it('returns whether a slug or a handle claimed a name first', async () => {
    const { decisions } = await explained(anAlert({ message: '@oncall-eu/core-infra' }));
    expect(decisions).toMatchObject([
      {
        matched: 'qualified',
        contenders: [
          { connectionName: 'Globex EU', matched: 'qualified', paged: true },
          { connectionName: 'Globex AP', matched: 'exact', qualifiedHandle: '@oncall-ap/eu/core-infra', paged: false },
        ],
        why: expect.stringContaining('its connection got the slug of the handle at 2026-01-01T00:00:00.000Z, before'),
      },
    ]);
  });

  it('returns the disabled connection of a handle, and the other contenders', async () => {
    const { decisions } = await explained(anAlert({ sourceOrg: 'switched-off' }));
    expect(decisions).toMatchObject([
      {
        kind: 'unrouted',
        reason: 'connection-disabled',
        connection: { connectionId: off.connectionId, enabled: false },
        contenders: [
          { connectionId: off.connectionId, enabled: false, paged: false },
          { connectionId: on.connectionId, enabled: true, paged: false },
        ],
        why: expect.stringContaining('first read with this handle'),
        wouldSend: { data: { alternative: { handle: '@oncall-on/core-infra', connectionId: on.connectionId } } },
      },
    ]);
  });

  it('returns that the fallback would be paged for an unknown handle, and why', async () => {
    const answer = await explained(anAlert({ sourceOrg: 'falls-back', message: '@oncall-core-infar.' }));
    expect(answer).toMatchObject({
      decisions: [
        {
          kind: 'page',
          mention: 'core-infar.',
          namesTried: ['core-infar.', 'core-infar'],
          matched: 'fallback',
          name: 'core-infra',
          team: { teamHandle: 'core-infra' },
          nearest: { handle: '@oncall-core-infra' },
          wouldSend: { topic: 'paging.page-commands.v1', data: { matched: 'fallback', handle: '@oncall-core-infar' } },
        },
      ],
      wouldSync: [third.directory],
    });
  });

  it('returns the backup of a page, or why it has none', async () => {
    const message = '@oncall-core-infra @oncall-lonely';
    const { decisions } = await explained(anAlert({ sourceOrg: 'falls-over', message }));
    const found = { connectionId: spare.connectionId, teamId: 'team-7', teamHandle: 'operations', afterFailures: 3 };
    expect(decisions).toMatchObject([
      { kind: 'page', failover: found, wouldSend: { data: { failover: found } } },
      {
        kind: 'page',
        failover: {
          teamHandle: 'nobody',
          reason: 'unknown-handle',
          detail: 'Connection "Globex AP" has no team with the handle @oncall-nobody. Use another backup.',
        },
      },
    ]);
    expect(decisions[1]?.wouldSend?.data).not.toHaveProperty('failover');
  });

  it('explains a recovery, a manual alert and an alert with too many handles', async () => {
    expect(await explained(anAlert({ transition: 'recovered' }))).toMatchObject({
      decisions: [{ kind: 'resolve', wouldSend: { data: { kind: 'resolve' } } }],
    });
    expect(await explained(anAlert({ origin: 'manual' }))).toMatchObject({ decisions: [{ reason: 'manual-origin' }] });
    const message = Array.from({ length: 101 }, (_, i) => `@oncall-t${i}`).join(' ');
    expect(await explained(anAlert({ message }))).toMatchObject({
      refused: { reason: 'too-many-handles' },
      decisions: [],
    });
  });

  it('returns a note for an alert without handles, or with nothing to resolve', async () => {
    const nobody = await explained(anAlert({ message: 'High memory usage.' }));
    expect(nobody).toMatchObject({ decisions: [], note: expect.stringContaining('has no handle') });
    const elsewhere = anAlert({ sourceOrg: 'nowhere', message: '', transition: 'recovered' });
    expect(await explained(elsewhere)).toMatchObject({ decisions: [], note: expect.stringContaining('no connection') });
    for (const transition of ['triggered', 'recovered'] as const) {
      const { note } = await explained(anAlert({ message: '', origin: 'manual', transition }));
      expect(note).toBe(
        'Only monitors and incident rules page across orgs. A manual alert pages nobody and resolves no page.',
      );
    }
    expect(await explained(anAlert())).not.toHaveProperty('note');
  });

  it('names all missing fields if the body is empty', async () => {
    const response = await fetch(`${url}/v1/explain`, { method: 'POST' });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { field: string }[] };
    const required = ['sourceOrg', 'alertKey', 'transition', 'origin', 'title', 'message', 'occurredAt'];
    expect(errors.map(({ field }) => field)).toEqual(required);
  });

  it.each([
    ['a malformed org', { ...anAlert(), sourceOrg: 'Acme US' }, 'sourceOrg'],
    ['a missing title', { ...anAlert(), title: undefined }, 'title'],
    ['an unknown transition', { ...anAlert(), transition: 'exploded' }, 'transition'],
    ['a bad link', { ...anAlert(), links: [{ title: 'x', url: 'ftp://x' }] }, 'links.0.url'],
    ['a list', [anAlert()], 'body'],
    ['an event without id', { specversion: '1.0', type: Alerts.card.eventType, source: 's', data: anAlert() }, 'id'],
    ['an event with a bad org', { ...JSON.parse(String(anAlertRecord({ sourceOrg: '-' }).value)) }, 'data.sourceOrg'],
  ])('refuses %s, with the field and the cure', async (_case, body, field) => {
    const response = await explain(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ field, message: expect.stringContaining(field.split('.').at(-1) ?? ''), cure: expect.any(String) }],
    });
  });
});

describe('GET /v1/source-orgs/{org}/conflicts', () => {
  it('lists the contenders with their qualified handles, and which of them is paged', async () => {
    const answer = await (await fetch(`${url}/v1/source-orgs/acme-us/conflicts`)).json();
    expect(answer).toMatchObject({
      items: [
        {
          handle: '@oncall-core-infra',
          local: false,
          contenders: [
            { connectionName: 'Globex EU', qualifiedHandle: '@oncall-eu/core-infra', enabled: true, paged: true },
            { connectionName: 'Globex AP', claimedAt: '2026-02-01T00:00:00.000Z', enabled: true, paged: false },
          ],
        },
        {
          handle: '@oncall-eu/core-infra',
          contenders: [
            {
              connectionName: 'Globex EU',
              matched: 'qualified',
              qualifiedHandle: '@oncall-eu/core-infra',
              paged: true,
            },
            {
              connectionName: 'Globex AP',
              matched: 'exact',
              qualifiedHandle: '@oncall-ap/eu/core-infra',
              paged: false,
            },
          ],
        },
        { handle: '@oncall-ours', local: true, contenders: [{ qualifiedHandle: '@oncall-ap/ours', paged: false }] },
      ],
    });
    expect(await (await fetch(`${url}/v1/source-orgs/globex/conflicts`)).json()).toEqual({ items: [], next: null });
  });

  it('answers 503 while it is not known which credentials are refused', async () => {
    areDirectoriesRead = false;
    const response = await fetch(`${url}/v1/source-orgs/acme-us/conflicts`);
    areDirectoriesRead = true;
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'not-ready' }]);
  });

  it('gives each conflict once, in pages that `next` links', async () => {
    const handles: string[] = [];
    let next: string | null = '/v1/source-orgs/acme-us/conflicts?limit=1';
    for (let pages = 0; next !== null && pages < 10; pages += 1) {
      const page = (await (await fetch(`${url}${next}`)).json()) as ConflictList;
      expect(page.items.length).toBeLessThanOrEqual(1);
      handles.push(...page.items.map(({ handle }) => handle));
      next = page.next;
    }
    expect([next, handles]).toEqual([null, ['@oncall-core-infra', '@oncall-eu/core-infra', '@oncall-ours']]);
  });

  it.each([
    ['limit', '0'],
    ['limit', '101'],
    ['cursor', 'No Handle'],
  ])('refuses the %s %s', async (field, value) => {
    const response = await fetch(`${url}/v1/source-orgs/acme-us/conflicts?${new URLSearchParams({ [field]: value })}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });

  it('refuses a malformed org', async () => {
    const response = await fetch(`${url}/v1/source-orgs/Acme_US/conflicts`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'org' }] });
  });
});

it('serves its OpenAPI document', async () => {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
  const paths = ['/v1/explain', '/v1/me', '/v1/source-orgs/{org}/conflicts'];
  expect(Object.keys(document.paths).toSorted()).toEqual(paths);
  expect(JSON.stringify(document)).toContain('"alertKey"');
});
