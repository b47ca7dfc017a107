import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { closePools, openDestination } from '@pagebridge/destination';
import { SandboxOrg } from '../test/in-process.ts';

let globex: SandboxOrg;
afterEach(() => globex.stop());
afterAll(closePools);

const opened = (name?: string) =>
  openDestination({ dataCenter: globex.dataCenter, credential: globex.credential(name) });
const all = { pageNumber: 0, pageSize: 10 };

describe('an org inside the process of a test', () => {
  it('limits each endpoint, with exceptions, and reports how often each was called', async () => {
    globex = await SandboxOrg.start({ teamCount: 3 }, { now: () => new Date(0) });
    globex.limit({ limit: 9, periodSeconds: 60 }, { 'GET /api/v2/team': { limit: 1, periodSeconds: 60 } });
    expect(await opened().validateKeys()).toMatchObject({ rateLimit: { limit: 9, remaining: 8 } });
    expect(await opened().teams(all)).toMatchObject({ value: { total: 3 }, rateLimit: { limit: 1 } });
    expect(await opened().teams(all)).toMatchObject({ failure: { cause: 'rate-limited' } });
    expect(globex.calls).toMatchObject([
      { endpoint: 'GET /api/v2/validate_keys', calls: 1, rateLimited: 0 },
      { endpoint: 'GET /api/v2/team', calls: 2, rateLimited: 1 },
    ]);
  });

  it('hides teams from one service account, and revokes a key with a delay', async () => {
    globex = await SandboxOrg.start({ teamCount: 3, serviceAccountCount: 2, applicationKeyCount: 2 });
    globex.hide('service-0002', 'team-0001', 'team-0003');
    expect(await opened('key-0001').teams(all)).toMatchObject({ value: { total: 3 } });
    const second = opened('key-0002');
    expect(await second.teams(all)).toMatchObject({ value: { total: 1, teams: [{ handle: 'team-0002' }] } });
    globex.set({ revocationSeconds: 3600 });
    globex.revoke('key-0002');
    expect(await second.teams(all)).toMatchObject({ value: { total: 1 } });
    expect(() => globex.credential('key-0002')).toThrow('no application key key-0002');
  });

  it('lets a responder act on a page', async () => {
    globex = await SandboxOrg.start({ teams: [{ handle: 'core-infra', id: 'team-1', onCall: true }] });
    await opened().createPage({ teamId: 'team-1', title: 'T', urgency: 'low' });
    const [page] = globex.pages;
    globex.respond('acknowledge', page?.id ?? '');
    expect(page).toMatchObject({ status: 'acknowledged', history: [{}, { action: 'acknowledge', changed: true }] });
    expect(() => globex.respond('resolve', 'nothing')).toThrow('no page nothing');
  });
});
