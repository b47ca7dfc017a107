import { v2 } from '@datadog/datadog-api-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { configurationAt, pageTo, refusal } from '../test/datadog-client.ts';
import { RunningSandbox } from '../test/running-sandbox.ts';

let running: RunningSandbox;
beforeAll(async () => {
  running = await RunningSandbox.start();
});
afterEach(() => running.calm());
afterAll(() => running.stop());

describe('the two hosts', () => {
  const call = async (url: string, method = 'GET') => {
    const { apiKey, applicationKey } = await running.credential();
    const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
    const response = await fetch(url, { method, headers });
    return { status: response.status, body: await response.text() };
  };
  const notFound = { status: 404, body: '{"errors":["Not found"]}' };

  it('have separate routes', async () => {
    const { apiUrl, pagingUrl } = running.globex;
    const id = '15e74b8b-f865-48d0-bcc5-453323ed2c8f';
    expect(await call(`${apiUrl}/api/v2/on-call/pages`, 'POST')).toEqual(notFound);
    expect(await call(`${apiUrl}/api/v2/on-call/pages/${id}/resolve`, 'POST')).toEqual(notFound);
    expect(await call(`${pagingUrl}/api/v2/team`)).toEqual(notFound);
    expect(await call(`${pagingUrl}/api/v1/validate`)).toEqual(notFound);
  });

  it('answer a read of pages with an empty body', async () => {
    expect(await call(`${running.globex.pagingUrl}/api/v2/on-call/pages`)).toEqual({ status: 200, body: '' });
  });

  it('answer 404 to a real client that pages the API host', async () => {
    const configuration = configurationAt(running.globex.apiUrl, await running.credential());
    const pages = new v2.OnCallPagingApi(configuration);
    const { code, body } = await refusal(pages.createOnCallPage(pageTo('team_handle', 'core-infra')));
    expect(code).toBe(404);
    expect(body).toContain('{"errors":["Not found"]}');
  });

  it('refuse calls without keys with the documented error', async () => {
    const bare = async (path: string) => {
      const response = await fetch(`${running.globex.apiUrl}${path}`);
      return { status: response.status, body: await response.text() };
    };
    expect(await bare('/api/v1/validate')).toEqual({ status: 403, body: '{"errors":["API key required"]}' });
    expect(await bare('/api/v2/current_user')).toEqual({ status: 401, body: '{"errors":["Unauthorized"]}' });
    expect((await bare('/api/v2/validate')).body).toContain('"title":"Forbidden"');
  });

  it('survive malformed requests', async () => {
    const { apiUrl, pagingUrl } = running.globex;
    expect((await call(`${apiUrl}/api/v2/team/%ff`)).status).toBe(400);
    expect((await call(`${apiUrl}/api/v2/team?page[size]=x`)).status).toBe(400);
    const { apiKey, applicationKey } = await running.credential();
    const headers = { 'dd-api-key': apiKey, 'dd-application-key': applicationKey };
    for (const [body, status] of [
      ['{"data":', 400],
      ['[]', 400],
      ['{"data":{"type":"page"}}', 400],
      ['x'.repeat(1024 * 1024 + 1), 413],
    ] as const)
      expect((await fetch(`${pagingUrl}/api/v2/on-call/pages`, { method: 'POST', headers, body })).status).toBe(status);
  });

  it('send the rate limit in every answer, with the seconds until its reset', async () => {
    await running.control('PUT', '/rate-limits', { api: { limit: 2, periodSeconds: 3600, name: 'demo' } });
    const url = `${running.globex.apiUrl}/api/v1/validate`;
    const seen = [];
    for (let i = 0; i < 3; i += 1) {
      const { status, headers } = await fetch(url);
      seen.push([status, headers.get('x-ratelimit-remaining')]);
      expect(headers.get('x-ratelimit-name')).toBe('demo');
      const reset = Number(headers.get('x-ratelimit-reset'));
      expect(reset).toBe(Math.min(3600, Math.max(1, reset)));
    }
    expect(seen).toEqual([
      [403, '1'],
      [403, '0'],
      [429, '0'],
    ]);
  });
});
