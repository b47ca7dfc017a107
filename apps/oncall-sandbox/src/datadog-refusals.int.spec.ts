import { client, v1, v2 } from '@datadog/datadog-api-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pageTo, pointings, refusal } from '../test/datadog-client.ts';
import { RunningSandbox } from '../test/running-sandbox.ts';

let running: RunningSandbox;
beforeAll(async () => {
  running = await RunningSandbox.start([{ handle: 'never', onCall: false }]);
});
afterEach(() => running.calm());
afterAll(() => running.stop());

describe.each(pointings)('the real client, pointed by %s', (_how, pointed) => {
  const apis = async (name = 'good') => pointed(running, await running.credential(name));

  it('is refused with a bad API key, and with keys of another org', async () => {
    const good = await running.credential();
    const bad = pointed(running, { ...good, apiKey: 'wrong' });
    const forbidden = { code: 403, body: '{"errors":["Forbidden"]}' };
    expect(await refusal(new v1.AuthenticationApi(bad.api).validate())).toEqual(forbidden);
    expect(await refusal(new v2.KeyManagementApi(bad.api).validateAPIKey())).toEqual(forbidden);
    expect(await refusal(new v2.UsersApi(bad.api).getCurrentUser())).toEqual(forbidden);
    const { apiKey, applicationKey } = await running.credentials(running.initech);
    const other = pointed(running, { apiKey, applicationKey });
    expect(await refusal(new v2.TeamsApi(other.api).listTeams())).toEqual(forbidden);
    const paging = new v2.OnCallPagingApi(other.paging);
    expect(await refusal(paging.createOnCallPage(pageTo('team_handle', 'core-infra')))).toMatchObject({ code: 403 });
  });

  it.each([
    ['no-user-access-read', (api: client.Configuration) => new v2.UsersApi(api).listUsers()],
    ['no-teams-read', (api: client.Configuration) => new v2.TeamsApi(api).listTeams()],
    ['scoped', (api: client.Configuration) => new v2.TeamsApi(api).listTeams()],
    ['good', (api: client.Configuration) => new v2.KeyManagementApi(api).listCurrentUserApplicationKeys()],
  ])('is refused for a missing permission with the key %s', async (name, call) => {
    const { api } = await apis(name);
    const body = '{"errors":["Forbidden","Failed permission authorization checks"]}';
    expect(await refusal(call(api))).toEqual({ code: 403, body });
  });

  it('is refused for a missing paging permission', async () => {
    const { paging } = await apis('no-paging');
    const { code, body } = await refusal(
      new v2.OnCallPagingApi(paging).createOnCallPage(pageTo('team_handle', 'core-infra')),
    );
    expect(code).toBe(403);
    expect(body).toContain('Failed permission authorization checks');
  });

  it('is refused with the key of a disabled service account', async () => {
    const { api } = await apis('disabled');
    expect((await refusal(new v2.UsersApi(api).getCurrentUser())).code).toBe(403);
  });

  it('does not find an unknown team, nor one that is not on call', async () => {
    const pages = new v2.OnCallPagingApi((await apis()).paging);
    const unknown = await refusal(pages.createOnCallPage(pageTo('team_handle', 'nobody')));
    expect(unknown.code).toBe(404);
    expect(unknown.body).toContain('"detail":"team_handle \\"nobody\\" not found"');
    expect((await refusal(pages.createOnCallPage(pageTo('team_handle', 'never')))).code).toBe(400);
    expect(await running.pages()).toEqual([]);
  });

  it('does not find an unknown page, and refuses an id that is not a UUID', async () => {
    const pages = new v2.OnCallPagingApi((await apis()).paging);
    const pageId = '15e74b8b-f865-48d0-bcc5-453323ed2c8f';
    expect((await refusal(pages.acknowledgeOnCallPage({ pageId }))).code).toBe(404);
    const { code, body } = await refusal(pages.resolveOnCallPage({ pageId: '1126422' }));
    expect(code).toBe(400);
    expect(body).toContain('expected type \\"uuid\\"');
  });
});
