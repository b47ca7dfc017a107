import { afterEach, describe, expect, it } from '@jest/globals';
import { type Answered, type Asked, FakeService } from '../http/fake-service.fixtures.ts';

let service: FakeService;
afterEach(() => service.close());
const answering = (answer: (asked: Asked) => Answered) => {
  service = new FakeService(answer);
  return service;
};

describe('orgs change', () => {
  const settings = { sourceOrg: 'acme-us', localHandles: ['web'], fallbackHandle: 'ops', alertTopic: 'shared' };
  const warning = { field: 'fallbackHandle', message: 'no team has it', cure: 'Add its connection.' };
  const orgs = () =>
    answering(({ line, body }) =>
      line.startsWith('GET')
        ? { headers: { etag: '"7"' }, body: { ...settings, version: 7, updatedAt: null } }
        : { body: { ...settings, ...(body as object), warnings: [warning] } },
    );

  it('sends what is given, keeps the rest, and names the version that it has read', async () => {
    const { status, stdout, stderr } = await orgs().run('orgs', 'change', 'acme-us', '--fallback', 'core-infra');
    expect(service.asked.at(-1)).toEqual({
      line: 'PUT /v1/source-orgs/acme-us',
      body: { localHandles: ['web'], fallbackHandle: 'core-infra', alertTopic: 'shared' },
      ifMatch: '"7"',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'acme-us\tcore-infra\tshared\tweb\t\n' });
    expect(stderr).toMatch(/^Accepted by .*\nwarning: fallbackHandle: no team has it\nhint: Add its connection.\n$/);
  });

  it.each([
    [['--local-handle', 'web', 'db'], { localHandles: ['web', 'db'] }],
    [['--without-local-handles', '--without-fallback'], { localHandles: [], fallbackHandle: null }],
    [['--alert-topic', 'both'], { alertTopic: 'both' }],
  ])('takes %j', async (options, changed) => {
    await orgs().run('orgs', 'change', 'acme-us', ...options);
    expect(service.asked.at(-1)?.body).toEqual({
      ...{ localHandles: ['web'], fallbackHandle: 'ops', alertTopic: 'shared' },
      ...changed,
    });
  });

  it('without a setting is refused, and nothing is asked', async () => {
    expect((await orgs().run('orgs', 'change', 'acme-us')).status).toBe(2);
    expect(service.asked).toEqual([]);
  });
});

describe('data-centers ls', () => {
  it('names where a connection can lead', async () => {
    const items = [{ name: 'EU1', site: 'datadoghq.eu', location: 'Germany', apiUrl: '', pagingUrl: '' }];
    const { stdout } = await answering(() => ({ body: { items } })).run('data-centers', 'ls');
    expect(stdout).toBe('EU1\tdatadoghq.eu\tGermany\n');
  });
});

describe('connections sync --wait', () => {
  const id = '00000000-0000-4000-8000-00000000000a';
  const lastSync = { at: '2026-01-31T12:00:00.000Z', teams: 12, added: 2, removed: 1 };
  const before = { ...lastSync, at: '2026-01-31T11:50:00.000Z' };
  /** Answers the request for a sync once it was looked for as often. */
  const syncing = (times: number, health: object) => {
    let looks = 0;
    return answering(({ line }) => {
      if (line.startsWith('POST'))
        return { status: 202, body: { connectionId: id, requestId: 'mine', requestedAt: lastSync.at } };
      looks += 1;
      return { body: { id, slug: 'globex-eu', answeredSyncs: looks < times ? ['another'] : ['mine'], ...health } };
    });
  };
  const sync = (its: FakeService, ...options: string[]) => its.run('connections', 'sync', id, ...options);

  it('prints the teams once its own request is answered', async () => {
    const { status, stdout } = await sync(syncing(2, { lastSync }), '--wait');
    expect({ status, stdout }).toEqual({ status: 0, stdout: `globex-eu\t12\t2\t1\t${lastSync.at}\n` });
    expect(service.asked.map(({ line }) => line.split(' ')[0])).toEqual(['POST', 'GET', 'GET']);
    expect(service.asked[0]?.body).toEqual({});
  });

  it.each([
    ['the sync failed', { lastSyncFailure: { detail: 'the destination answers 500' } }, 'the destination answers 500'],
    ['the keys are refused', { lastSync: before, fault: { reportedBy: 'handle-sync', detail: 'refused' } }, 'refused'],
    ['another fault hides that', { lastSync: before, fault: { reportedBy: 'page-delivery', detail: '403' } }, '403'],
    ['nothing says why', { lastSync: before }, 'see pagebridge connections show'],
  ])('fails if %s', async (_what, health, detail) => {
    expect(await sync(syncing(1, health), '--wait')).toEqual({
      ...{ status: 1, stdout: '' },
      stderr: expect.stringContaining(`failed: ${detail}`),
    });
  });

  it('ends with exit code 5 if nothing answers in time', async () => {
    const { status, stderr } = await sync(syncing(100, {}), '--wait', '--timeout', '1');
    expect({ status, stderr }).toEqual({
      status: 5,
      stderr: expect.stringContaining('handle-sync did not report a result'),
    });
  });

  it('is not waited for unless that is asked', async () => {
    expect((await sync(syncing(1, {}))).stderr).toContain('To see the result');
    expect(service.asked).toHaveLength(1);
  });
});
