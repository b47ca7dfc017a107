import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closePools, type Result } from '@pagebridge/destination';
import { coreInfra, RunningSandbox } from '../test/running-sandbox.ts';

let running: RunningSandbox;
beforeAll(async () => {
  running = await RunningSandbox.start([{ handle: 'payments' }, { handle: 'design', onCall: false }]);
});
afterEach(() => running.calm());
afterAll(async () => {
  await running.stop();
  await closePools();
});

const page = { title: 'High memory', urgency: 'high', tags: ['source-org:acme-us'], teamId: coreInfra } as const;

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.detail);
  return result.value;
}

const failureIn = (result: Result<unknown>) => {
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
};

describe('our own client', () => {
  it('accepts a valid credential, even if its scope cannot be read', async () => {
    const api = await running.oncall();
    expect((await api.validateApiKey()).ok).toBe(true);
    expect((await api.validateKeys()).ok).toBe(true);
    const user = valueIn(await api.currentUser());
    expect(user).toMatchObject({ serviceAccount: true, disabled: false, org: { name: 'globex' } });
    expect(user.permissions).toContain('user_access_read');
    expect((await api.readUsers()).ok).toBe(true);
    expect(failureIn(await api.applicationKeys())).toMatchObject({ kind: 'credential', cause: 'missing-permission' });
  });

  it('reads scopes if the role allows it', async () => {
    const keys = valueIn(await (await running.oncall('scoped-own-keys')).applicationKeys());
    expect(keys.map(({ name, scopes }) => [name, scopes === null])).toEqual([
      ['good-own-keys', true],
      ['scoped-own-keys', false],
    ]);
  });

  it.each(['no-user-access-read', 'scoped'])('reports that the key %s lacks a permission', async (name) => {
    const failure = failureIn(await (await running.oncall(name)).readUsers());
    expect(failure).toMatchObject({ kind: 'credential', cause: 'missing-permission', status: 403 });
  });

  it('reports that a team list needs teams_read', async () => {
    const api = await running.oncall('no-teams-read');
    const failure = failureIn(await api.teams({ pageNumber: 0, pageSize: 100 }));
    expect(failure).toMatchObject({ kind: 'credential', cause: 'missing-permission' });
  });

  it('identifies the person of a key, and nobody for the key of a disabled account', async () => {
    expect(valueIn(await (await running.oncall('human')).currentUser()).serviceAccount).toBe(false);
    const failure = failureIn(await (await running.oncall('disabled')).validateKeys());
    expect(failure).toMatchObject({ kind: 'credential', cause: 'forbidden' });
  });

  it('lists the teams that are on call', async () => {
    const api = await running.oncall();
    const handles: string[] = [];
    for (let pageNumber = 0; ; pageNumber += 1) {
      const teams = valueIn(await api.teams({ pageNumber, pageSize: 2 }));
      for (const { id, handle } of teams.teams) if (valueIn(await api.isOnCall(id))) handles.push(handle);
      if (teams.last) break;
    }
    expect(handles).toEqual(['core-infra', 'payments']);
  });

  it('creates and resolves a page', async () => {
    const api = await running.oncall();
    const { id } = valueIn(await api.createPage(page));
    expect((await api.resolvePage(id)).ok).toBe(true);
    expect((await api.resolvePage(id)).ok).toBe(true);
    const [seen] = await running.pages();
    expect(seen).toMatchObject({ id, number: 1, status: 'resolved', description: null, tags: page.tags });
    expect(seen?.history.at(-1)).toMatchObject({ action: 'resolve', changed: false });
    expect(seen?.createdAt).toMatch(/^\d{4}-.*\.\d{3}Z$/);
  });

  it('reports a permanent failure for a page to a deleted team', async () => {
    const failure = failureIn(await (await running.oncall()).createPage({ ...page, teamId: 'gone' }));
    expect(failure).toMatchObject({ kind: 'permanent', cause: 'not-found' });
    expect(failure.detail).toContain('team_id "gone" not found');
  });
});

describe('our own client, when the destination misbehaves', () => {
  const strike = (fault: object, times = 1) => running.control('PUT', '/faults', [{ times, fault }]);

  it.each([
    [
      { kind: 'error', status: 503, body: 'html' },
      { kind: 'retry', cause: 'server', status: 503 },
    ],
    [
      { kind: 'error', status: 403, body: 'object-array' },
      { kind: 'credential', cause: 'forbidden' },
    ],
    [
      { kind: 'rate-limited', resetSeconds: 7 },
      { cause: 'rate-limited', retryAfterMs: 7000 },
    ],
    [
      { kind: 'redirect', location: 'http://127.0.0.1:1/' },
      { cause: 'redirect', status: 307 },
    ],
    [{ kind: 'reset' }, { kind: 'retry', cause: 'network', sent: true }],
  ])('classifies %j', async (fault, expected) => {
    await strike(fault);
    expect(failureIn(await (await running.oncall()).createPage(page))).toMatchObject(expected);
    expect(await running.pages()).toEqual([]);
  });

  it.each([
    [{ kind: 'reset-after-accept' }, 'network'],
    [{ kind: 'malformed-json' }, 'bad-answer'],
    [{ kind: 'empty' }, 'bad-answer'],
  ])('reports that a page may exist after %j', async (fault, cause) => {
    await strike(fault);
    const failure = failureIn(await (await running.oncall()).createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause, sent: true });
    expect(await running.pages()).toHaveLength(1);
  });

  it('times out on a destination that hangs, and waits for a slow one', async () => {
    await strike({ kind: 'hang' });
    const impatient = await running.oncall('good', 100);
    expect(failureIn(await impatient.createPage(page))).toMatchObject({ cause: 'timeout', sent: true });
    await strike({ kind: 'latency', ms: 60 });
    const started = performance.now();
    expect((await (await running.oncall()).createPage(page)).ok).toBe(true);
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it('reads the rate limit of every answer', async () => {
    await running.control('PUT', '/rate-limits', { paging: { limit: 1, periodSeconds: 3600 } });
    const api = await running.oncall();
    expect((await api.createPage(page)).rateLimit).toMatchObject({ limit: 1, remaining: 0, periodMs: 3_600_000 });
    expect(failureIn(await api.createPage(page)).cause).toBe('rate-limited');
  });
});
