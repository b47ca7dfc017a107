import { v2 } from '@datadog/datadog-api-client';
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

  it('creates, acknowledges, escalates and resolves a page', async () => {
    const { paging } = await apis();
    const pages = new v2.OnCallPagingApi(paging);
    const { data } = await pages.createOnCallPage(pageTo('team_handle', 'core-infra'));
    const pageId = data?.id ?? '';
    expect(data?.type).toBe('pages');
    await pages.escalateOnCallPage({ pageId });
    await pages.acknowledgeOnCallPage({ pageId });
    await pages.resolveOnCallPage({ pageId });
    const [seen] = await running.pages();
    expect(seen).toMatchObject({
      id: pageId,
      title: 'High memory usage',
      description: 'Details',
      urgency: 'high',
      tags: ['service:web'],
      target: { type: 'team_handle', identifier: 'core-infra' },
      team: { handle: 'core-infra' },
      status: 'resolved',
      createdBy: { apiKey: 'default', applicationKey: 'good' },
    });
    expect(seen?.history.map(({ action, changed }) => [action, changed])).toEqual([
      ['create', true],
      ['escalate', true],
      ['acknowledge', true],
      ['resolve', true],
    ]);
  });

  it('pages a team by its id', async () => {
    const { api, paging } = await apis();
    const teamId = (await new v2.TeamsApi(api).listTeams({ filterKeyword: 'core-infra' })).data?.[0]?.id ?? '';
    await new v2.OnCallPagingApi(paging).createOnCallPage(pageTo('team_id', teamId));
    expect((await running.pages())[0]?.team).toEqual({ id: teamId, handle: 'core-infra' });
  });

  it('reads the time until the reset from the rate limit headers', async () => {
    await running.control('PUT', '/rate-limits', { api: { limit: 1, periodSeconds: 3600 } });
    const { api } = await apis();
    await new v2.TeamsApi(api).listTeams();
    expect(await refusal(new v2.TeamsApi(api).listTeams())).toMatchObject({ code: 429 });
  });

  it('retries after 429 and 5xx if retries are enabled', async () => {
    const { paging } = await apis();
    paging.httpApi.enableRetry = true;
    await running.control('PUT', '/faults', [{ times: 1, fault: { kind: 'rate-limited', resetSeconds: 0 } }]);
    await new v2.OnCallPagingApi(paging).createOnCallPage(pageTo('team_handle', 'core-infra'));
    expect(await running.pages()).toHaveLength(1);
  });

  it.each(['string-array', 'object-array', 'text', 'html', 'empty'])('reads a 503 with a body of %s', async (body) => {
    await running.control('PUT', '/faults', [
      { match: { listener: 'paging' }, fault: { kind: 'error', status: 503, body } },
    ]);
    const pages = new v2.OnCallPagingApi((await apis()).paging);
    expect((await refusal(pages.createOnCallPage(pageTo('team_handle', 'core-infra')))).code).toBe(503);
    expect(await running.pages()).toEqual([]);
  });

  it('receives no reply although the page was created', async () => {
    await running.control('PUT', '/faults', [{ times: 1, fault: { kind: 'reset-after-accept' } }]);
    const pages = new v2.OnCallPagingApi((await apis()).paging);
    await expect(pages.createOnCallPage(pageTo('team_handle', 'core-infra'))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(await running.pages()).toHaveLength(1);
  });
});
