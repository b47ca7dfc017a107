import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePools, type Destination, type Result } from '@pagebridge/destination';
import { RunningSandbox } from '../test/running-sandbox.ts';

const handles = ['ant', 'bee', 'cat', 'dog', 'eel', 'fox', 'gnu'];
// Five seconds before a minute ends.
const before = Date.UTC(2026, 10, 27, 12, 0, 55);
let now = before;
let running: RunningSandbox;
let api: Destination;

beforeAll(async () => {
  running = await RunningSandbox.start([], { now: () => new Date(now) });
});
beforeEach(async () => {
  now = before;
  await running.calm();
  await control('PUT', '/teams', handles);
  api = await running.oncall();
});
afterEach(() => control('PATCH', '/users/paging-service', { hiddenTeams: [] }));
afterAll(async () => {
  await running.stop();
  await closePools();
});

const control = (method: string, path: string, body?: unknown) => running.control(method, path, body);

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.detail);
  return result.value;
}

/** Lists one page of teams with a raw query, so that `sort` can be left out. */
async function page(query: string) {
  const { apiKey, applicationKey } = await running.credential();
  const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
  const response = await fetch(`${running.globex.apiUrl}/api/v2/team?page[size]=3&${query}`, { headers });
  const { data, meta } = (await response.json()) as {
    data: { attributes: { handle: string } }[];
    meta: { pagination: { total: number } };
  };
  return { handles: data.map(({ attributes }) => attributes.handle), total: meta.pagination.total };
}

async function walk(sort: string): Promise<{ handles: string[]; totals: Set<number> }> {
  const pages = [];
  for (let number = 0; number < 3; number += 1) pages.push(await page(`page[number]=${number}${sort}`));
  return { handles: pages.flatMap((one) => one.handles), totals: new Set(pages.map(({ total }) => total)) };
}

const handlesNow = async () => ((await control('GET', '/teams')).body as { handle: string }[]).map((t) => t.handle);

describe('a limit for each endpoint', () => {
  const three = { limit: 3, periodSeconds: 60 };

  it('counts its own calls only, and is full again when the minute of the clock ends', async () => {
    await control('PUT', '/rate-limits', { everyEndpoint: three });
    const limits = [];
    for (let call = 0; call < 4; call += 1) limits.push((await api.currentUser()).rateLimit);
    const spent = { limit: 3, periodMs: 60_000, resetMs: 5000, name: 'GET /api/v2/current_user', remaining: 0 };
    expect(limits.map((limit) => limit?.remaining)).toEqual([2, 1, 0, 0]);
    expect(limits.at(-1)).toEqual(spent);
    expect(await api.currentUser()).toMatchObject({ failure: { cause: 'rate-limited', retryAfterMs: 5000 } });
    const { id } = (await control('GET', '/teams/ant')).body as { id: string };
    const others = [
      api.validateApiKey(),
      api.validateKeys(),
      api.readUsers(),
      api.teams({ pageNumber: 0, pageSize: 3 }),
      api.createPage({ title: 'T', urgency: 'low', teamId: id }),
    ];
    for (const other of others) expect(await other).toMatchObject({ ok: true, rateLimit: { remaining: 2 } });
    now += 5000;
    expect(await api.currentUser()).toMatchObject({ ok: true, rateLimit: { remaining: 2, resetMs: 60_000 } });
  });

  it('is shared by the routing rules of all teams', async () => {
    await control('PUT', '/rate-limits', { everyEndpoint: three });
    const { teams } = valueIn(await api.teams({ pageNumber: 0, pageSize: 5 }));
    const causes = [];
    for (const { id } of teams) {
      const rules = await api.isOnCall(id);
      causes.push(rules.ok || rules.failure.cause);
    }
    expect(causes).toEqual([true, true, true, 'rate-limited', 'rate-limited']);
  });

  it('has exceptions by name, and can be removed', async () => {
    const one = { limit: 1, periodSeconds: 3600, name: 'teams' };
    const { body } = await control('PUT', '/rate-limits', {
      everyEndpoint: three,
      endpoints: { 'GET /api/v2/team': one },
    });
    expect(body).toMatchObject({ everyEndpoint: three, endpoints: { 'GET /api/v2/team': one } });
    expect((await api.teams({ pageNumber: 0, pageSize: 3 })).rateLimit).toMatchObject({ limit: 1, name: 'teams' });
    expect((await api.teams({ pageNumber: 0, pageSize: 3 })).ok).toBe(false);
    expect((await api.validateKeys()).rateLimit?.limit).toBe(3);
    await control('PUT', '/rate-limits', { everyEndpoint: null, endpoints: {} });
    expect((await api.teams({ pageNumber: 0, pageSize: 3 })).rateLimit?.name).toBe('sandbox_api');
  });
});

describe('calls', () => {
  it('are counted by endpoint and minute, and so are the 429 among them', async () => {
    await control('PUT', '/rate-limits', { everyEndpoint: { limit: 1, periodSeconds: 60 } });
    await api.validateKeys();
    await api.validateKeys();
    await api.currentUser();
    now += 5000;
    await api.currentUser();
    const [minute, next] = ['2026-11-27T12:00:00.000Z', '2026-11-27T12:01:00.000Z'];
    const [keys, user] = ['GET /api/v2/validate_keys', 'GET /api/v2/current_user'];
    const expected = [
      { minute, endpoint: keys, calls: 2, rateLimited: 1 },
      { minute, endpoint: user, calls: 1, rateLimited: 0 },
      { minute: next, endpoint: user, calls: 1, rateLimited: 0 },
    ];
    expect((await control('GET', '/calls')).body).toEqual(expected);
    expect((await running.controlAll('GET', '/calls')).body).toEqual(
      expected.map((count) => ({ org: 'globex', ...count })),
    );
    await control('DELETE', '/calls');
    expect((await control('GET', '/calls')).body).toEqual([]);
  });
});

describe('a list of teams', () => {
  it('with changing order differs at each call, unless the call names an order', async () => {
    await control('PUT', '/settings', { teamOrder: 'changing' });
    const orders = [await walk(''), await walk(''), await walk('')].map((seen) => seen.handles.join());
    expect(new Set(orders).size).toBe(3);
    expect((await walk('&sort=name')).handles).toEqual(handles);
    expect((await walk('&sort=-name')).handles).toEqual(handles.toReversed());
  });

  it('contains those whose name or handle contains the keyword', async () => {
    await control('POST', '/teams', { handle: 'owl-night', name: 'Wise Birds' });
    const found = async (keyword: string) =>
      valueIn(await api.teams({ pageNumber: 0, pageSize: 10, keyword })).teams.map(({ handle }) => handle);
    expect(await found('WL-NI')).toEqual(['owl-night']);
    expect(await found('se bi')).toEqual(['owl-night']);
    expect(await found('horse')).toEqual([]);
  });

  it('skips the team at the boundary when teams are swapped at a page turn, with the same total and no team twice', async () => {
    for (const sort of ['', '&sort=name']) {
      await control('PUT', '/teams', handles);
      await control('PUT', '/settings', { swapsAtPageTurns: 1 });
      const seen = await walk(sort);
      expect(seen.totals).toEqual(new Set([7]));
      expect(new Set(seen.handles).size).toBe(7);
      const [made = ''] = seen.handles.slice(-1);
      expect(seen.handles).toEqual(['ant', 'bee', 'cat', 'eel', 'fox', 'gnu', made]);
      expect((await handlesNow()).toSorted()).toEqual(['bee', 'cat', 'dog', 'eel', 'fox', 'gnu', made]);
      expect((await control('GET', '/settings')).body).toMatchObject({ swapsAtPageTurns: 0 });
    }
  });
});

describe('a revoked key', () => {
  it('still works until the revocation delay has passed, but is no longer listed', async () => {
    await control('POST', '/application-keys', { name: 'leaving', owner: 'paging-service' });
    await control('POST', '/api-keys', { name: 'leaving' });
    const leaving = await running.oncall('leaving');
    await control('PUT', '/settings', { revocationSeconds: 30 });
    await control('DELETE', '/application-keys/leaving');
    expect((await running.credentials()).applicationKeys).not.toHaveProperty('leaving');
    now += 29_999;
    expect((await leaving.currentUser()).ok).toBe(true);
    now += 1;
    expect(await leaving.currentUser()).toMatchObject({ failure: { cause: 'forbidden' } });
  });
});

describe('a service account', () => {
  it('is the user of each of its own keys only', async () => {
    for (const name of ['first', 'second'])
      await control('POST', '/application-keys', { name, owner: 'paging-service-own-keys' });
    const [first, second, other] = await Promise.all([running.oncall('first'), running.oncall('second'), api]);
    const id = async (destination: Destination) => valueIn(await destination.currentUser()).id;
    expect(await id(first)).toBe(await id(second));
    expect(await id(first)).not.toBe(await id(other));
  });

  it('cannot list, read or page a team that is hidden from it, while others can', async () => {
    const { id } = (await control('GET', '/teams/bee')).body as { id: string };
    const hidden = await control('PATCH', '/users/paging-service', { hiddenTeams: ['bee'] });
    expect(hidden.body).toMatchObject({ hiddenTeams: ['bee'] });
    const seenBy = async (destination: Destination) => {
      const { teams, total } = valueIn(await destination.teams({ pageNumber: 0, pageSize: 10 }));
      const paged = await destination.createPage({ title: 'T', urgency: 'low', teamId: id });
      const listed = teams.some((team) => team.id === id);
      return { listed, total, onCall: valueIn(await destination.isOnCall(id)), paged: paged.ok };
    };
    expect(await seenBy(api)).toEqual({ listed: false, total: 6, onCall: false, paged: false });
    const other = await running.oncall('good-own-keys');
    expect(await seenBy(other)).toEqual({ listed: true, total: 7, onCall: true, paged: true });
  });
});
