import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePools, type Destination, type ReadPage, type Result } from '@pagebridge/destination';
import { coreInfra, RunningSandbox } from '../test/running-sandbox.ts';

const start = Date.UTC(2026, 11, 1, 12);
let now = start;
let running: RunningSandbox;
let api: Destination;
beforeAll(async () => {
  running = await RunningSandbox.start([], { now: () => new Date(now) });
});
beforeEach(async () => {
  now = start;
  await running.calm();
  api = await running.oncall();
});
afterAll(async () => {
  await running.stop();
  await closePools();
});

const settings = (change: object) => running.control('PUT', '/settings', change);
/** A responder's action in the destination's own screens, at a time in ms after the start. */
async function respond(action: string, id: string, atMs: number): Promise<void> {
  now = start + atMs;
  await running.control('POST', `/pages/${id}/${action}`);
}

const page = { title: 'High memory', urgency: 'high', tags: ['page-id:7'], teamId: coreInfra } as const;
async function create(atMs: number, urgency: 'high' | 'low' = 'high'): Promise<string> {
  now = start + atMs;
  return valueIn(await api.createPage({ ...page, urgency })).id;
}

function valueIn<T>(result: Result<T> | undefined): T {
  if (!result?.ok) throw new Error(result?.failure.detail ?? 'this vendor reads no pages');
  return result.value;
}

const listed = async (part = 0, size = 100): Promise<readonly ReadPage[]> => valueIn(await api.listPages?.(part, size));
const read = async (id: string): Promise<ReadPage> => valueIn(await api.getPage?.(id));

/** Reads pages with a raw query or path, and every field of the answer. */
async function raw(rest: string) {
  const { apiKey, applicationKey } = await running.credential();
  const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
  const response = await fetch(`${running.globex.apiUrl}/api/v2/on-call/pages${rest}`, { headers });
  return { status: response.status, body: (await response.json()) as { data: never } & Record<string, unknown> };
}

const idsBy = async (query: string) => ((await raw(query)).body.data as { id: string }[]).map(({ id }) => id);

describe('pages that our own client reads back', () => {
  it('show what responders did, once each time moved', async () => {
    const id = await create(0);
    const triggered = { id, status: 'triggered', modifiedAt: start };
    expect(await listed()).toEqual([triggered]);
    await respond('escalate', id, 1000);
    expect(await read(id)).toEqual({ ...triggered, modifiedAt: start + 1000 });
    await respond('acknowledge', id, 2000);
    const acknowledged = { ...triggered, status: 'acknowledged', acknowledgedAt: start + 2000 };
    expect(await read(id)).toEqual({ ...acknowledged, modifiedAt: start + 2000 });
    await respond('acknowledge', id, 3000);
    expect(await read(id)).toEqual({ ...acknowledged, modifiedAt: start + 2000 });
    await respond('resolve', id, 4000);
    const closed = { ...acknowledged, status: 'closed', modifiedAt: start + 4000, closedAt: start + 4000 };
    expect(await read(id)).toEqual(closed);
    expect(await listed()).toEqual([closed]);
  });

  it('are listed with the latest modified one first, part by part', async () => {
    const [first, second, third] = [await create(0), await create(1000), await create(2000)];
    await respond('acknowledge', first, 3000);
    expect((await listed()).map(({ id }) => id)).toEqual([first, third, second]);
    expect((await listed(1, 2)).map(({ id }) => id)).toEqual([second]);
    expect(await listed(2, 2)).toEqual([]);
  });

  it('appear in the list after the configured lag, and at once if one is read', async () => {
    await settings({ pageListLagMs: 5000 });
    const id = await create(0);
    now = start + 4999;
    expect(await listed()).toEqual([]);
    expect((await read(id)).status).toBe('triggered');
    await respond('resolve', id, 5000);
    expect((await listed()).map(({ status }) => status)).toEqual(['triggered']);
    expect((await read(id)).status).toBe('closed');
    now = start + 10_000;
    expect((await listed()).map(({ status }) => status)).toEqual(['closed']);
  });

  it('are refused without the permission, by a limit, and by a fault of one of both hosts', async () => {
    const id = await create(0);
    const causes = async () =>
      [await api.listPages?.(0, 100), await api.getPage?.(id)].map((result) =>
        result?.ok ? 'read' : result?.failure.cause,
      );
    await running.control('DELETE', '/roles/cross-org-paging/permissions/on_call_read');
    expect(await causes()).toEqual(['missing-permission', 'missing-permission']);
    await running.control('PUT', '/roles/cross-org-paging/permissions/on_call_read');
    await running.control('PUT', '/rate-limits', {
      endpoints: { 'GET /api/v2/on-call/pages': { limit: 0, periodSeconds: 60 } },
    });
    expect(await causes()).toEqual(['rate-limited', 'read']);
    const match = { listener: 'api', path: '/api/v2/on-call/pages*' };
    await running.control('PUT', '/faults', [{ match, fault: { kind: 'error', status: 403 } }]);
    expect(await causes()).toEqual(['forbidden', 'forbidden']);
    await running.control('PUT', '/faults', [{ match, fault: { kind: 'empty' } }]);
    await running.control('PUT', '/rate-limits', { endpoints: {} });
    expect(await causes()).toEqual(['bad-answer', 'bad-answer']);
    expect((await api.resolvePage(id)).ok).toBe(true);
  });

  it('are refused for an unknown id', async () => {
    const unknown = await api.getPage?.('15e74b8b-f865-48d0-bcc5-453323ed2c8f');
    expect(unknown).toMatchObject({ failure: { cause: 'not-found', status: 404 } });
    expect(await api.getPage?.('7')).toMatchObject({ failure: { cause: 'rejected', status: 400 } });
  });
});

describe('the routes that read pages', () => {
  it('answer the documented fields, and one that no client knows', async () => {
    const id = await create(0);
    const users = (await running.control('GET', '/users')).body as { id: string; name: string }[];
    const user = (name: string) => ({ type: 'users', id: users.find((one) => one.name === name)?.id });
    const { body } = await raw(`/${id}`);
    const open = {
      responders: { data: [user('Robin Responder')] },
      target: { data: { type: 'teams', id: coreInfra } },
    };
    expect(body.data).toEqual({
      type: 'pages',
      id,
      attributes: {
        title: 'High memory',
        description: '',
        urgency: 'high',
        status: 'triggered',
        key: expect.stringMatching(/^\d+$/),
        tags: ['page-id:7'],
        services: [],
        created_at: '2026-12-01T12:00:00.000Z',
        modified_at: '2026-12-01T12:00:00.000Z',
        acknowledged_at: null,
        closed_at: null,
        escalation_policy_uuid: null,
        comment_count: 0,
        undocumented: { sandbox: true },
      },
      relationships: { ...open, author: { data: user('paging-service') }, closed_by: { data: null } },
    });
    const other = await create(0);
    await api.resolvePage(id);
    await respond('resolve', other, 1000);
    const closers = [await raw(`/${id}`), await raw(`/${other}`)].map(({ body }) => body.data);
    expect(closers).toMatchObject([
      { relationships: { closed_by: { data: user('paging-service') } } },
      { relationships: { closed_by: { data: user('Robin Responder') } } },
    ]);
  });

  it('sort by each documented field, in both directions and both spellings', async () => {
    const [a, b, c] = [await create(0, 'high'), await create(1000, 'low'), await create(2000, 'high')];
    await respond('acknowledge', b, 3000);
    await respond('resolve', a, 4000);
    for (const name of ['created', 'created_at']) expect(await idsBy(`?sort=${name}`)).toEqual([a, b, c]);
    for (const name of ['modified', 'modified_at']) expect(await idsBy(`?sort=${name}`)).toEqual([c, b, a]);
    for (const name of ['-modified', '-modified_at']) expect(await idsBy(`?sort=${name}`)).toEqual([a, b, c]);
    expect(await idsBy('?sort=status')).toEqual([c, b, a]);
    expect(await idsBy('?sort=priority')).toEqual([b, a, c]);
    expect(await idsBy('?sort=-priority')).toEqual([c, a, b]);
    expect(await idsBy('')).toEqual([c, b, a]);
    expect(await idsBy('?page[size]=1&page[number]=1')).toEqual([b]);
  });

  it.each([
    ['sort=title', 400],
    ['sort=constructor', 400],
    ['sort=--created', 400],
    ['sort=created,status', 400],
    ['page[size]=0', 400],
    ['page[size]=1001', 400],
    ['page[size]=1000', 200],
    ['page[number]=-1', 400],
    ['page[size]=1000&page[number]=49', 200],
    ['page[size]=1000&page[number]=50', 400],
    ['page[size]=7&page[number]=7142', 200],
    ['page[size]=7&page[number]=7143', 400],
    ['filter[query]=status:triggered', 400],
  ])('answer %s with %i', async (query, status) => {
    expect((await raw(`?${query}`)).status).toBe(status);
  });
});
