import { client, logger, v1, v2 } from '@datadog/datadog-api-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closePools, type Result } from '@pagebridge/destination';
import { coreInfra, RunningSandbox } from '../test/running-sandbox.ts';

/*
 * The sandbox must behave as the vendor documents its API. The first suite runs once with our adapter and once with the
 * vendor's own client, and expects the same results of both.
 */

// The vendor's client logs the errors that it also throws.
logger.disableAll();

const start = Date.UTC(2026, 11, 1, 12);
const handles = ['core-infra', 'design', 'payments'];
const unknownPage = '15e74b8b-f865-48d0-bcc5-453323ed2c8f';
let now = start;
let running: RunningSandbox;
beforeAll(async () => {
  const dependencies = { now: () => new Date(now) };
  running = await RunningSandbox.start([{ handle: 'payments' }, { handle: 'design', onCall: false }], dependencies);
});
afterEach(async () => {
  now = start;
  await running.calm();
});
afterAll(async () => {
  await running.stop();
  await closePools();
});

const control = (method: string, path: string, body?: unknown) => running.control(method, path, body);
const strike = (fault: object, match: object = {}) => control('PUT', '/faults', [{ times: 1, match, fault }]);
const idOf = async (handle: string) => ((await control('GET', `/teams/${handle}`)).body as { id: string }).id;

/** The status of a refused call. */
class Refused extends Error {
  constructor(readonly status: number | undefined) {
    super(`refused with ${status}`);
  }
}

function valueIn<T>(result: Result<T> | undefined): T {
  if (!result?.ok) throw new Refused(result?.failure.status);
  return result.value;
}

const settled = <T>(call: Promise<T>): Promise<T> =>
  call.catch((error) => {
    throw error instanceof client.ApiException ? new Refused(error.code) : error;
  });

const statusOf = (call: Promise<unknown>): Promise<number | string | undefined> =>
  call.then(
    () => 'accepted',
    (error: Refused) => error.status,
  );

/** The vendor's client, for each of the two hosts. */
async function vendor(key = 'good') {
  const { apiKey, applicationKey } = await running.credential(key);
  const at = (url: string) =>
    client.createConfiguration({
      baseServer: new client.BaseServerConfiguration(url, {}),
      authMethods: { apiKeyAuth: apiKey, appKeyAuth: applicationKey },
    });
  return { api: at(running.globex.apiUrl), paging: new v2.OnCallPagingApi(at(running.globex.pagingUrl)) };
}

const page = { title: 'High memory', urgency: 'high', description: 'Details', tags: ['service:web'] } as const;

interface Calls {
  readonly validate: () => Promise<unknown>;
  readonly me: () => Promise<{ readonly org: unknown; readonly isService: unknown; readonly permissions: unknown[] }>;
  readonly keyNames: () => Promise<unknown[]>;
  readonly users: () => Promise<unknown>;
  readonly teams: (pageNumber: number, pageSize: number, keyword?: string) => Promise<unknown[]>;
  readonly isOnCall: (teamId: string) => Promise<boolean>;
  readonly create: (teamId: string) => Promise<string>;
  readonly resolve: (pageId: string) => Promise<unknown>;
}

async function ours(key?: string): Promise<Calls> {
  const api = await running.oncall(key);
  return {
    validate: async () => [valueIn(await api.validateApiKey()), valueIn(await api.validateKeys())],
    me: async () => {
      const { org, serviceAccount, permissions } = valueIn(await api.currentUser());
      return { org: org.name, isService: serviceAccount, permissions: [...permissions] };
    },
    keyNames: async () => valueIn(await api.applicationKeys()).map(({ name }) => name),
    users: async () => valueIn(await api.readUsers()),
    teams: async (pageNumber, pageSize, keyword) =>
      valueIn(await api.teams({ pageNumber, pageSize, ...(keyword ? { keyword } : {}) })).teams.map((it) => it.handle),
    isOnCall: async (teamId) => valueIn(await api.isOnCall(teamId)),
    create: async (teamId) => valueIn(await api.createPage({ ...page, teamId })).id,
    resolve: async (pageId) => valueIn(await api.resolvePage(pageId)),
  };
}

async function theirs(key?: string): Promise<Calls> {
  const { api, paging } = await vendor(key);
  const [keys, onCall, teams, users] = [
    new v2.KeyManagementApi(api),
    new v2.OnCallApi(api),
    new v2.TeamsApi(api),
    new v2.UsersApi(api),
  ];
  return {
    validate: () => settled(Promise.all([new v1.AuthenticationApi(api).validate(), keys.validateAPIKey()])),
    me: async () => {
      const { data, included = [] } = await settled(users.getCurrentUser());
      const namesOf = (type: typeof v2.Permission | typeof v2.Organization) =>
        included.flatMap((item) => (item instanceof type ? [item.attributes?.name] : []));
      const isService = data?.attributes?.serviceAccount;
      return { org: namesOf(v2.Organization)[0], isService, permissions: namesOf(v2.Permission) };
    },
    keyNames: async () =>
      (await settled(keys.listCurrentUserApplicationKeys())).data?.map(({ attributes }) => attributes?.name) ?? [],
    users: () => settled(users.listUsers({ pageSize: 1 })),
    teams: async (pageNumber, pageSize, filterKeyword) => {
      const query = { pageNumber, pageSize, sort: 'name' as const, ...(filterKeyword ? { filterKeyword } : {}) };
      return (await settled(teams.listTeams(query))).data?.map(({ attributes }) => attributes.handle) ?? [];
    },
    isOnCall: async (teamId) => {
      const { data } = await settled(onCall.getOnCallTeamRoutingRules({ teamId }));
      return (data?.relationships?.rules?.data ?? []).length > 0;
    },
    create: async (identifier) => {
      const attributes = { ...page, tags: [...page.tags], target: { type: 'team_id' as const, identifier } };
      return (await settled(paging.createOnCallPage({ body: { data: { type: 'pages', attributes } } }))).data?.id ?? '';
    },
    resolve: (pageId) => settled(paging.resolveOnCallPage({ pageId })),
  };
}

describe.each([
  ['our adapter', ours],
  ["the vendor's client", theirs],
])('%s', (_name, calls) => {
  it('validates keys, and reads their owner', async () => {
    const api = await calls();
    await api.validate();
    const { permissions, ...owner } = await api.me();
    expect(owner).toEqual({ org: 'globex', isService: true });
    const paging = ['on_call_page', 'on_call_read', 'on_call_respond', 'teams_read', 'user_access_read'];
    expect(permissions.toSorted()).toEqual(paging);
    expect((await (await calls('human')).me()).isService).toBe(false);
    expect(await (await calls('good-own-keys')).keyNames()).toEqual(['good-own-keys', 'scoped-own-keys']);
  });

  it('lists teams in pages and by keyword, and reads which are on call', async () => {
    const api = await calls();
    expect(await Promise.all([0, 1, 2].map((number) => api.teams(number, 2)))).toEqual([
      handles.slice(0, 2),
      handles.slice(2),
      [],
    ]);
    expect(await api.teams(0, 10, 'AYMEN')).toEqual(['payments']);
    await control('PUT', '/settings', { neverOnboarded: 'empty' });
    const onCall = await Promise.all(handles.map(async (handle) => api.isOnCall(await idOf(handle))));
    expect(onCall).toEqual([true, false, true]);
  });

  it('creates a page with every field, and resolves it, again without a change', async () => {
    const api = await calls();
    const id = await api.create(coreInfra);
    await api.resolve(id);
    await api.resolve(id);
    const [seen, ...others] = await running.pages();
    const team = { id: coreInfra, handle: 'core-infra' };
    const createdBy = { apiKey: 'default', applicationKey: 'good' };
    expect(others).toEqual([]);
    expect(seen).toMatchObject({ ...page, id, team, createdBy, status: 'resolved', number: expect.any(Number) });
    const history = seen?.history.map(({ action, changed }) => `${action} ${changed}`);
    expect(history).toEqual(['create true', 'resolve true', 'resolve false']);
  });

  it.each<[string, number, (api: Calls) => Promise<unknown>]>([
    ['disabled', 403, (api) => api.validate()],
    ['good', 403, (api) => api.keyNames()],
    ['no-user-access-read', 403, (api) => api.users()],
    ['no-teams-read', 403, (api) => api.teams(0, 10)],
    ['scoped', 403, (api) => api.users()],
    ['no-paging', 403, (api) => api.create(coreInfra)],
    ['good', 404, (api) => api.create('gone')],
    ['good', 404, (api) => api.resolve(unknownPage)],
    ['good', 400, (api) => api.resolve('1126422')],
    ['good', 400, async (api) => api.create(await idOf('design'))],
  ])('is refused with the key %s and the status %i: %s', async (key, status, call) => {
    expect(await statusOf(call(await calls(key)))).toBe(status);
    expect(await running.pages()).toEqual([]);
  });

  it.each(['string-array', 'object-array', 'text', 'html', 'empty'])('reads a 503 with a body of %s', async (body) => {
    await strike({ kind: 'error', status: 503, body }, { listener: 'paging' });
    expect(await statusOf((await calls()).create(coreInfra))).toBe(503);
  });

  it('reads a 429', async () => {
    await control('PUT', '/rate-limits', { paging: { limit: 1, periodSeconds: 3600 } });
    const api = await calls();
    await api.create(coreInfra);
    expect(await statusOf(api.create(coreInfra))).toBe(429);
  });
});

describe('our adapter, when the destination misbehaves', () => {
  const created = async (timeoutMs?: number) =>
    (await running.oncall('good', timeoutMs)).createPage({ ...page, teamId: coreInfra });

  it.each([
    [{ kind: 'error', status: 403, body: 'object-array' }, { kind: 'credential', cause: 'forbidden' }, 0],
    [{ kind: 'rate-limited', resetSeconds: 7 }, { cause: 'rate-limited', retryAfterMs: 7000 }, 0],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, { cause: 'redirect', status: 307 }, 0],
    [{ kind: 'reset' }, { kind: 'retry', cause: 'network', sent: true }, 0],
    [{ kind: 'reset-after-accept' }, { kind: 'retry', cause: 'network', sent: true }, 1],
    [{ kind: 'malformed-json' }, { kind: 'retry', cause: 'bad-answer', sent: true }, 1],
    [{ kind: 'empty' }, { kind: 'retry', cause: 'bad-answer', sent: true }, 1],
  ])('classifies %j', async (fault, failure, pages) => {
    await strike(fault);
    expect(await created()).toMatchObject({ ok: false, failure });
    expect(await running.pages()).toHaveLength(pages);
  });

  it('times out on a destination that hangs, and waits for a slow one', async () => {
    await strike({ kind: 'hang' });
    expect(await created(100)).toMatchObject({ failure: { cause: 'timeout', sent: true } });
    await strike({ kind: 'latency', ms: 60 });
    expect((await created()).ok).toBe(true);
  });

  it('reads the rate limit of every answer', async () => {
    await control('PUT', '/rate-limits', { paging: { limit: 1, periodSeconds: 3600 } });
    expect((await created()).rateLimit).toMatchObject({ limit: 1, remaining: 0, periodMs: 3_600_000 });
  });
});

describe('pages that our adapter reads back', () => {
  /** A responder's action in the destination's own screens, at a time in ms after the start. */
  async function respond(action: string, id: string, atMs: number): Promise<void> {
    now = start + atMs;
    await control('POST', `/pages/${id}/${action}`);
  }
  async function create(atMs: number): Promise<string> {
    now = start + atMs;
    return valueIn(await (await running.oncall()).createPage({ ...page, teamId: coreInfra })).id;
  }
  const listed = async (part = 0, size = 100) => valueIn(await (await running.oncall()).listPages?.(part, size));
  const read = async (id: string) => valueIn(await (await running.oncall()).getPage?.(id));

  it('show what responders did, with the time of each change', async () => {
    const id = await create(0);
    expect(await listed()).toEqual([{ id, status: 'triggered', modifiedAt: start }]);
    for (const atMs of [2000, 3000]) await respond('acknowledge', id, atMs);
    const acknowledged = { id, status: 'acknowledged', acknowledgedAt: start + 2000 };
    expect(await read(id)).toEqual({ ...acknowledged, modifiedAt: start + 2000 });
    await respond('resolve', id, 4000);
    const closed = { ...acknowledged, status: 'closed', modifiedAt: start + 4000, closedAt: start + 4000 };
    expect([await read(id), ...(await listed())]).toEqual([closed, closed]);
  });

  it('are listed with the latest modified one first, part by part, after the configured lag', async () => {
    const [first, second, third] = [await create(0), await create(1000), await create(2000)];
    await respond('acknowledge', first, 3000);
    expect((await listed()).map(({ id }) => id)).toEqual([first, third, second]);
    expect((await listed(1, 2)).map(({ id }) => id)).toEqual([second]);
    await control('PUT', '/settings', { pageListLagMs: 1500 });
    expect((await listed()).map(({ id, status }) => [id, status])).toEqual([
      [second, 'triggered'],
      [first, 'triggered'],
    ]);
    expect((await read(first)).status).toBe('acknowledged');
  });

  it('are refused for an unknown id, and without the permission', async () => {
    const id = await create(0);
    expect(await statusOf(read(unknownPage))).toBe(404);
    expect(await statusOf(read('7'))).toBe(400);
    await control('DELETE', '/roles/cross-org-paging/permissions/on_call_read');
    expect(await Promise.all([statusOf(read(id)), statusOf(listed())])).toEqual([403, 403]);
    await control('PUT', '/roles/cross-org-paging/permissions/on_call_read');
  });

  it.each([
    ['sort=-modified_at', 200],
    ['sort=title', 400],
    ['page[size]=0', 400],
    ['page[size]=1001', 400],
    ['page[size]=1000&page[number]=49', 200],
    ['page[size]=1000&page[number]=50', 400],
    ['filter[query]=status:triggered', 400],
  ])('are answered for %s with %i', async (query, status) => {
    expect((await call(`${running.globex.apiUrl}/api/v2/on-call/pages?${query}`)).status).toBe(status);
  });
});

async function call(url: string, init: RequestInit = {}) {
  const { apiKey, applicationKey } = await running.credential();
  const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
  const response = await fetch(url, { headers, ...init });
  return { status: response.status, body: await response.text() };
}

describe('the sandbox', () => {
  it('has separate routes on its two hosts', async () => {
    const { apiUrl, pagingUrl } = running.globex;
    const notFound = { status: 404, body: '{"errors":["Not found"]}' };
    expect(await call(`${apiUrl}/api/v2/on-call/pages`, { method: 'POST' })).toEqual(notFound);
    expect(await call(`${pagingUrl}/api/v2/team`)).toEqual(notFound);
    expect(await call(`${pagingUrl}/api/v2/on-call/pages`)).toEqual({ status: 200, body: '' });
  });

  it('refuses calls without keys, with a wrong key, and with those of another org as documented', async () => {
    const validate = `${running.globex.apiUrl}/api/v1/validate`;
    expect(await call(validate, { headers: {} })).toEqual({ status: 403, body: '{"errors":["API key required"]}' });
    const forbidden = { status: 403, body: '{"errors":["Forbidden"]}' };
    expect(await call(validate, { headers: { 'dd-api-key': 'wrong' } })).toEqual(forbidden);
    const me = `${running.globex.apiUrl}/api/v2/current_user`;
    expect(await call(me, { headers: {} })).toEqual({ status: 401, body: '{"errors":["Unauthorized"]}' });
    const { apiKey, applicationKey } = await running.credentials(running.initech);
    const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
    expect(await call(me, { headers })).toEqual(forbidden);
  });

  it('survives malformed requests', async () => {
    const { apiUrl, pagingUrl } = running.globex;
    for (const path of ['team/%ff', 'team?page[size]=x'])
      expect((await call(`${apiUrl}/api/v2/${path}`)).status).toBe(400);
    const bodies = { '{"data":': 400, '[]': 400, [`${'x'.repeat(1024 * 1024)}1`]: 413 };
    const { apiKey, applicationKey } = await running.credential();
    const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
    for (const [body, status] of Object.entries(bodies)) {
      const sent = await call(`${pagingUrl}/api/v2/on-call/pages`, { method: 'POST', headers, body });
      expect(sent.status).toBe(status);
    }
  });

  it("answers what only the vendor's client asks: schedules, responders and policies", async () => {
    const onCall = new v2.OnCallApi((await vendor()).api);
    const teamId = coreInfra;
    const rules = await onCall.getOnCallTeamRoutingRules({ teamId, include: 'rules' });
    const rule = rules.included?.[0] as v2.RoutingRule;
    expect(rule.attributes?.urgency).toBe('dynamic');
    const responders = await onCall.getTeamOnCallUsers({ teamId, include: 'responders' });
    expect(responders.included?.[0]).toMatchObject({ attributes: { name: 'Robin Responder' } });
    const policyId = rule.relationships?.policy?.data?.id ?? '';
    const policy = await onCall.getOnCallEscalationPolicy({ policyId, include: 'steps' });
    const step = policy.included?.[0] as v2.EscalationPolicyStep;
    const scheduleId = (step.relationships?.targets?.data?.[0] as v2.ScheduleTarget | undefined)?.id ?? '';
    const schedule = await onCall.getOnCallSchedule({ scheduleId, include: 'layers' });
    expect(schedule.data?.attributes?.name).toBe('Core Infra primary');
    const shift = await onCall.getScheduleOnCallUser({ scheduleId, include: 'user' });
    expect(shift.data?.attributes?.start).toBeInstanceOf(Date);
  });
});
