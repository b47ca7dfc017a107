import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePools } from '@pagebridge/destination';
import { coreInfra, RunningSandbox } from '../test/running-sandbox.ts';

let running: RunningSandbox;
beforeEach(async () => {
  await running?.stop();
  running = await RunningSandbox.start([{ handle: 'payments' }]);
});
afterAll(async () => {
  await running.stop();
  await closePools();
});

const control = (method: string, path: string, body?: unknown) => running.control(method, path, body);
const page = { title: 'T', urgency: 'low', teamId: coreInfra } as const;
const handlesSeen = async () => {
  const teams = await (await running.oncall()).teams({ pageNumber: 0, pageSize: 100 });
  return teams.ok ? teams.value.teams.map(({ handle }) => handle) : teams.failure.cause;
};

describe('teams', () => {
  it('can be added, renamed under the same id, and deleted', async () => {
    const added = (await control('POST', '/teams', { handle: 'search' })).body as { id: string; name: string };
    expect(added.name).toBe('Search');
    expect(await handlesSeen()).toEqual(['core-infra', 'payments', 'search']);
    const renamed = (await control('PATCH', '/teams/search', { handle: 'find', name: 'Find' })).body;
    expect(renamed).toMatchObject({ id: added.id, handle: 'find', name: 'Find' });
    expect((await control('DELETE', `/teams/${added.id}`)).status).toBe(204);
    expect(await handlesSeen()).toEqual(['core-infra', 'payments']);
  });

  it('can be replaced as a whole; a team with the same handle keeps its id', async () => {
    const before = (await control('GET', '/teams/payments')).body as { id: string };
    await control('PUT', '/teams', ['payments', { handle: 'ledger', onCall: false }]);
    expect(await handlesSeen()).toEqual(['ledger', 'payments']);
    expect((await control('GET', '/teams/payments')).body).toMatchObject({ id: before.id });
  });

  it('can lose and regain their routing rules', async () => {
    const { id } = (await control('POST', '/teams/payments/unonboard')).body as { id: string };
    const api = await running.oncall();
    expect(await api.isOnCall(id)).toMatchObject({ ok: true, value: false });
    expect((await api.createPage({ ...page, teamId: id })).ok).toBe(false);
    await control('POST', '/teams/payments/onboard');
    expect((await api.createPage({ ...page, teamId: id })).ok).toBe(true);
  });

  it('have unique handles and names', async () => {
    const { status, body } = await control('POST', '/teams', { handle: 'payments' });
    expect({ status, body }).toEqual({ status: 409, body: { error: 'Team name and handle must be unique' } });
  });
});

describe('keys, roles and users', () => {
  it('stop working when a key is revoked', async () => {
    const api = await running.oncall();
    await control('DELETE', '/application-keys/good');
    expect(await api.currentUser()).toMatchObject({ failure: { cause: 'forbidden' } });
    await control('DELETE', '/api-keys/default');
    expect(await api.validateApiKey()).toMatchObject({ failure: { cause: 'forbidden' } });
  });

  it('can be created with a new service account, a role and scopes', async () => {
    const { body } = await control('POST', '/application-keys', {
      name: 'acme-us',
      roles: ['cross-org-paging'],
      scopes: ['teams_read'],
    });
    expect(body).toMatchObject({
      key: expect.stringMatching(/^ddapp_/),
      owner: 'acme-us-service',
      scopes: ['teams_read'],
    });
    const api = await running.oncall('acme-us');
    expect((await api.teams({ pageNumber: 0, pageSize: 10 })).ok).toBe(true);
    expect(await api.readUsers()).toMatchObject({ failure: { cause: 'missing-permission' } });
  });

  it('lose and regain a permission of their role at once', async () => {
    const api = await running.oncall();
    await control('DELETE', '/roles/cross-org-paging/permissions/on_call_page');
    expect(await api.createPage(page)).toMatchObject({ failure: { cause: 'missing-permission' } });
    await control('PUT', '/roles/cross-org-paging/permissions/on_call_page');
    expect((await api.createPage(page)).ok).toBe(true);
    await control('PUT', '/roles/cross-org-paging/permissions', ['on_call_read']);
    expect(await api.createPage(page)).toMatchObject({ failure: { cause: 'missing-permission' } });
  });

  it('stop working when their user is disabled', async () => {
    const api = await running.oncall();
    expect((await control('PATCH', '/users/paging-service', { disabled: true })).body).toMatchObject({
      disabled: true,
    });
    expect(await api.currentUser()).toMatchObject({ failure: { cause: 'forbidden' } });
  });

  it('can use a new role, a new user and a new API key', async () => {
    await control('POST', '/roles', { name: 'pager', permissions: ['on_call_page'] });
    await control('POST', '/users', { name: 'Pat', serviceAccount: false, roles: ['pager'] });
    await control('POST', '/application-keys', { name: 'pats', owner: 'Pat' });
    const { body } = await control('POST', '/api-keys', { name: 'second' });
    expect(body).toMatchObject({ name: 'second', key: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect((await (await running.oncall('pats')).createPage(page)).ok).toBe(true);
    const users = (await control('GET', '/users')).body as { name: string; roles: string[] }[];
    expect(users.find(({ name }) => name === 'Pat')?.roles).toEqual(['pager']);
  });

  it('are all shown in plaintext, valid and invalid ones by name', async () => {
    const credentials = await running.credentials();
    expect(Object.keys(credentials.applicationKeys)).toEqual([
      'good',
      'good-own-keys',
      'no-user-access-read',
      'no-teams-read',
      'no-paging',
      'scoped',
      'scoped-own-keys',
      'human',
      'disabled',
    ]);
    expect(credentials.applicationKey).toBe(credentials.applicationKeys.good?.key);
    const other = await running.credentials(running.initech);
    expect(other.applicationKey).not.toBe(credentials.applicationKey);
  });
});

describe('pages', () => {
  it('are listed in order of creation, filtered, acted on by a responder, and deleted', async () => {
    const api = await running.oncall();
    for (const title of ['first', 'second', 'third']) await api.createPage({ ...page, title });
    const pages = await running.pages();
    expect(pages.map(({ title, number }) => [title, number])).toEqual([
      ['first', 1],
      ['second', 2],
      ['third', 3],
    ]);
    const acknowledged = await control('POST', `/pages/${pages[1]?.id}/acknowledge`);
    expect(acknowledged.body).toMatchObject({ status: 'acknowledged', title: 'second' });
    const open = (await control('GET', '/pages?status=triggered&team=core-infra')).body as unknown[];
    expect(open).toHaveLength(2);
    await control('DELETE', '/pages');
    expect(await running.pages()).toEqual([]);
  });
});

describe('the record of requests', () => {
  it('has method, path, query, fault and status, and no secret', async () => {
    await control('PUT', '/faults', [{ times: 1, match: { listener: 'api' }, fault: { kind: 'error', status: 500 } }]);
    const api = await running.oncall();
    await api.currentUser();
    await api.teams({ pageNumber: 0, pageSize: 7 });
    await api.createPage(page);
    const { body } = await control('GET', '/requests?limit=3');
    expect(body).toMatchObject({
      counts: { 'GET /api/v2/current_user 500': 1, 'GET /api/v2/team 200': 1, 'POST /api/v2/on-call/pages 200': 1 },
      requests: [
        { listener: 'api', path: '/api/v2/current_user', status: 500, fault: 'error' },
        { path: '/api/v2/team', query: { 'page[size]': '7' }, status: 200, fault: null },
        { listener: 'paging', method: 'POST', path: '/api/v2/on-call/pages', status: 200 },
      ],
    });
    const { apiKey, applicationKey } = await running.credential();
    expect(JSON.stringify(body)).not.toContain(apiKey);
    expect(JSON.stringify(body)).not.toContain(applicationKey);
    await control('DELETE', '/requests');
    expect((await control('GET', '/requests')).body).toEqual({ counts: {}, requests: [] });
  });
});

describe('faults', () => {
  it('strike matching calls the given number of times, and are listed with their hits', async () => {
    const failing = { kind: 'error', status: 503 } as const;
    await control('PUT', '/faults', [
      { match: { method: 'post', path: '/api/v2/on-call/pages/*/resolve' }, times: 1, fault: failing },
      { match: { path: '/api/v2/team' }, fault: failing },
    ]);
    const api = await running.oncall();
    const created = await api.createPage(page);
    const id = created.ok ? created.value.id : '';
    expect((await api.resolvePage(id)).ok).toBe(false);
    expect((await api.resolvePage(id)).ok).toBe(true);
    for (let i = 0; i < 3; i += 1) expect(await handlesSeen()).toBe('server');
    expect((await control('GET', '/faults')).body).toMatchObject([{ hits: 1, left: 0 }, { hits: 3 }]);
    await control('DELETE', '/faults');
    expect(await handlesSeen()).toEqual(['core-infra', 'payments']);
  });

  it('of one org do not affect another org', async () => {
    await control('PUT', '/faults', [{ fault: { kind: 'hang' } }]);
    const response = await fetch(`${running.initech.apiUrl}/api/v1/validate`);
    expect(response.status).toBe(403);
  });

  it('match single pages by the text of their body: a refusal, an HTML page of a proxy, an id of 1 MB', async () => {
    await control('PUT', '/faults', [
      { match: { body: 'refuse me' }, fault: { kind: 'error', status: 403 } },
      { match: { body: 'sign in' }, fault: { kind: 'html' } },
      { match: { body: 'grow' }, fault: { kind: 'huge-id' } },
    ]);
    const { apiKey, applicationKey } = await running.credential();
    const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
    const create = async (title: string) => {
      const attributes = { title, urgency: 'low', target: { type: 'team_handle', identifier: 'payments' } };
      const body = JSON.stringify({ data: { type: 'pages', attributes } });
      const url = new URL('/api/v2/on-call/pages', running.globex.pagingUrl);
      const answer = await fetch(url, { method: 'POST', headers, body });
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await create('refuse me')).toContain('403');
    expect(await create('sign in')).toMatch(/^200 <html>/);
    expect((await create('grow')).length).toBeGreaterThan(1_000_000);
    expect(await create('anything else')).toMatch(/^200 {"data":{"id":/);
    expect((await running.pages()).map(({ title }) => title)).toEqual(['grow', 'anything else']);
  });

  it('can be added to the present ones', async () => {
    await control('PUT', '/faults', { fault: { kind: 'latency', ms: 1 } });
    const { status, body } = await control('POST', '/faults', { faults: [{ fault: { kind: 'empty' } }] });
    expect(status).toBe(201);
    expect(body).toMatchObject([{ fault: { kind: 'latency' } }, { fault: { kind: 'empty' } }]);
  });
});

describe('the control API refuses', () => {
  it.each([
    ['PUT', '/faults', [{ fault: { kind: 'explode' } }], 400, /faults\[0\]\.fault\.kind must be one of error/],
    ['PUT', '/faults', [{ fault: { kind: 'hang', ms: 3 } }], 400, /has no field ms/],
    ['PUT', '/faults', [{ times: 0, fault: { kind: 'hang' } }], 400, /times must be a whole number/],
    ['POST', '/teams', { handle: 'Not A Handle' }, 400, /handle must match/],
    ['POST', '/teams', {}, 400, /handle is required/],
    ['PATCH', '/teams/nobody', { name: 'x' }, 404, /no team nobody/],
    ['PUT', '/roles/reader/permissions/fly', undefined, 400, /no permission fly/],
    ['PUT', '/settings', { neverOnboarded: 'maybe' }, 400, /must be one of not-found, empty/],
    ['GET', '/nothing', undefined, 404, /There is no GET/],
  ])('%s %s %j', async (method, path, body, status, error) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: expect.stringMatching(error) });
  });

  it('malformed JSON, and an unknown org', async () => {
    const bad = await fetch(`${running.globex.controlUrl}/faults`, { method: 'PUT', body: '{"a":' });
    expect(bad.status).toBe(400);
    const none = await fetch(new URL('/orgs/nobody/pages', running.globex.controlUrl));
    expect(await none.json()).toEqual({ error: 'There is no org nobody here.' });
  });
});
