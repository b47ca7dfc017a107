import { v1, v2 } from '@datadog/datadog-api-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pointings, refusal } from '../test/datadog-client.ts';
import { RunningSandbox } from '../test/running-sandbox.ts';

let running: RunningSandbox;
beforeAll(async () => {
  const teams = Array.from({ length: 24 }, (_, i) => ({ handle: `team-${String(i).padStart(2, '0')}` }));
  running = await RunningSandbox.start([...teams, { handle: 'never', onCall: false }]);
});
afterEach(() => running.calm());
afterAll(() => running.stop());

describe.each(pointings)('the real client, pointed by %s', (_how, pointed) => {
  const apis = async (name = 'good') => pointed(running, await running.credential(name));

  it('validates the keys', async () => {
    const { api } = await apis();
    expect(await new v1.AuthenticationApi(api).validate()).toMatchObject({ valid: true });
    expect(await new v2.KeyManagementApi(api).validateAPIKey()).toMatchObject({ status: 'ok' });
  });

  it('validates the API key of version 2', async () => {
    const { api } = await apis();
    api.unstableOperations['v2.validate'] = true;
    const { data } = await new v2.KeyManagementApi(api).validate();
    expect(data?.attributes).toMatchObject({ valid: true, apiKeyScopes: [] });
  });

  it('reads the current user with its org, roles and permissions', async () => {
    const { api } = await apis();
    const { data, included = [] } = await new v2.UsersApi(api).getCurrentUser();
    expect(data?.attributes).toMatchObject({ name: 'paging-service', serviceAccount: true, disabled: false });
    const permissions = included.filter((item) => item instanceof v2.Permission);
    expect(permissions.map(({ attributes }) => attributes?.name).sort()).toEqual([
      'on_call_page',
      'on_call_read',
      'on_call_respond',
      'teams_read',
      'user_access_read',
    ]);
    expect(included.find((item) => item instanceof v2.Organization)?.attributes).toMatchObject({ name: 'globex' });
    expect(included.some((item) => item instanceof v2.Role)).toBe(true);
  });

  it('reads users, permissions and roles', async () => {
    const { api } = await apis();
    const users = new v2.UsersApi(api);
    const { data: me } = await users.getCurrentUser();
    const userId = me?.id ?? '';
    expect((await users.listUsers({ pageSize: 2 })).data).toHaveLength(2);
    expect((await users.getUser({ userId })).data?.id).toBe(userId);
    expect((await users.listUserPermissions({ userId })).data).toHaveLength(5);
    const roles = new v2.RolesApi(api);
    expect((await roles.listPermissions()).data?.length).toBeGreaterThan(5);
    const roleId = me?.relationships?.roles?.data?.[0]?.id ?? '';
    expect((await roles.listRolePermissions({ roleId })).data).toHaveLength(5);
  });

  it('reads its own application keys if its role allows it', async () => {
    const { api } = await apis('good-own-keys');
    const keys = new v2.KeyManagementApi(api);
    const { data = [] } = await keys.listCurrentUserApplicationKeys();
    expect(data.map(({ attributes }) => attributes?.name)).toEqual(['good-own-keys', 'scoped-own-keys']);
    expect(data[0]?.attributes?.last4).toHaveLength(4);
    const one = await keys.getCurrentUserApplicationKey({ appKeyId: data[1]?.id ?? '' });
    expect(one.data?.attributes?.scopes).toContain('user_app_keys');
    const unknown = keys.getCurrentUserApplicationKey({ appKeyId: running.globex.org });
    expect(await refusal(unknown)).toMatchObject({ code: 404, body: '{"errors":["Application key not found"]}' });
  });

  it('reads the keys of a service account and of the org if its role allows it', async () => {
    for (const name of ['service_account_write', 'org_app_keys_read'])
      await running.control('PUT', `/roles/cross-org-paging/permissions/${name}`);
    const { api } = await apis();
    const { data: me } = await new v2.UsersApi(api).getCurrentUser();
    const serviceAccountId = me?.id ?? '';
    const listed = await new v2.ServiceAccountsApi(api).listServiceAccountApplicationKeys({ serviceAccountId });
    expect(listed.data?.map(({ attributes }) => attributes?.name)).toEqual(['good', 'scoped']);
    const appKeyId = listed.data?.[0]?.id ?? '';
    expect((await new v2.KeyManagementApi(api).getApplicationKey({ appKeyId })).data?.id).toBe(appKeyId);
    for (const name of ['service_account_write', 'org_app_keys_read'])
      await running.control('DELETE', `/roles/cross-org-paging/permissions/${name}`);
  });

  it('reads several pages of teams', async () => {
    const { api } = await apis();
    const teams = new v2.TeamsApi(api);
    const handles: string[] = [];
    for await (const team of teams.listTeamsWithPagination({ pageSize: 10 })) handles.push(team.attributes.handle);
    expect(handles).toHaveLength(26);
    expect(new Set(handles).size).toBe(26);
    const last = await teams.listTeams({ pageNumber: 2, pageSize: 10, include: ['team_links'] });
    expect(last.data).toHaveLength(6);
    const numbers = last.meta?.pagination?.additionalProperties;
    expect(numbers).toMatchObject({ number: 2, next_number: 3, last_number: 2, size: 10 });
    expect(last.meta?.pagination?.total).toBe(26);
    expect((await teams.listTeams({ pageNumber: 3, pageSize: 10 })).data).toEqual([]);
  });

  it('lists all teams by offset if the query names no page', async () => {
    const { api } = await apis();
    const { data, meta } = await new v2.TeamsApi(api).listTeams();
    expect(data).toHaveLength(26);
    expect(meta?.pagination).toMatchObject({ type: 'offset_limit', offset: 0, limit: 100, total: 26 });
  });

  it('searches and sorts teams, and selects fields', async () => {
    const { api } = await apis();
    const teams = new v2.TeamsApi(api);
    const found = await teams.listTeams({ filterKeyword: 'TEAM-0', sort: '-name', pageSize: 3 });
    expect(found.data?.map(({ attributes }) => attributes.handle)).toEqual(['team-09', 'team-08', 'team-07']);
    const trimmed = await teams.listTeams({ filterKeyword: 'core', fieldsTeam: ['name', 'handle'] });
    expect(trimmed.data?.[0]?.attributes).toMatchObject({ name: 'Core Infra', handle: 'core-infra' });
    expect(trimmed.data?.[0]?.attributes.userCount).toBeUndefined();
  });

  it('reads routing rules, responders, schedule and policy of an on-call team', async () => {
    const { api } = await apis();
    const onCall = new v2.OnCallApi(api);
    const teamId = (await new v2.TeamsApi(api).listTeams({ filterKeyword: 'core-infra' })).data?.[0]?.id ?? '';
    const rules = await onCall.getOnCallTeamRoutingRules({ teamId, include: 'rules' });
    expect(rules.data?.relationships?.rules?.data).toHaveLength(1);
    const rule = rules.included?.[0] as v2.RoutingRule;
    expect(rule.attributes?.urgency).toBe('dynamic');
    const responders = await onCall.getTeamOnCallUsers({ teamId, include: 'responders' });
    expect(responders.included?.[0]).toMatchObject({ attributes: { name: 'Robin Responder' } });
    const policyId = rule.relationships?.policy?.data?.id ?? '';
    const policy = await onCall.getOnCallEscalationPolicy({ policyId, include: 'steps' });
    const step = policy.included?.[0] as v2.EscalationPolicyStep;
    const target = step.relationships?.targets?.data?.[0] as v2.ScheduleTarget | undefined;
    const scheduleId = target?.id ?? '';
    const schedule = await onCall.getOnCallSchedule({ scheduleId, include: 'layers' });
    expect(schedule.data?.attributes?.name).toBe('Core Infra primary');
    const shift = await onCall.getScheduleOnCallUser({ scheduleId, include: 'user' });
    expect(shift.data?.attributes?.start).toBeInstanceOf(Date);
  });

  it('finds no rules for a team that was never onboarded, in both configurable variants', async () => {
    const { api } = await apis();
    const onCall = new v2.OnCallApi(api);
    const teamId = (await new v2.TeamsApi(api).listTeams({ filterKeyword: 'never' })).data?.[0]?.id ?? '';
    expect((await refusal(onCall.getOnCallTeamRoutingRules({ teamId }))).code).toBe(404);
    await running.control('PUT', '/settings', { neverOnboarded: 'empty' });
    const { data } = await onCall.getOnCallTeamRoutingRules({ teamId });
    expect(data?.relationships?.rules?.data).toEqual([]);
    await running.control('PUT', '/settings', { neverOnboarded: 'not-found' });
  });
});
