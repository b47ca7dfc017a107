import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Audit, IntakeEpisodes } from '@pagebridge/contracts';
import { KafkaError, Publisher } from '@pagebridge/kafka';
import { TestIssuer, uniqueName, waitFor } from '@pagebridge/testing';
import { mentionsIn } from '@pagebridge/vocabulary';
import { Bus, startIntake } from '../alert-intake.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'pagebridge-'));
const bus = new Bus();
let issuer: TestIssuer;
let one: Awaited<ReturnType<typeof startIntake>>;
let other: Awaited<ReturnType<typeof startIntake>>;

beforeAll(async () => {
  [issuer] = await Promise.all([TestIssuer.start(), bus.start()]);
  const ACCESS_POLICY_FILE = join(folder, 'policy.json');
  writeFileSync(ACCESS_POLICY_FILE, issuer.policy);
  const access = { ACCESS: 'on', ACCESS_POLICY_FILE } as const;
  [one, other] = await Promise.all([startIntake(access), startIntake(access)]);
});
afterAll(async () => {
  await Promise.all([one, other].map((each) => each?.app.close()));
  await Promise.all([bus.stop(), issuer.close()]);
  rmSync(folder, { recursive: true });
});

const handle = '@oncall-globex-eu/core-infra';

async function send(token: string, method: string, path: string, body?: object, url = one.url) {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
  const response = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, string>,
  };
}

async function anOrg() {
  const sourceOrg = uniqueName('intake');
  const [editor, viewer] = await Promise.all([
    issuer.tokenOf('bea', `${sourceOrg}-editor`),
    issuer.tokenOf('vik', `${sourceOrg}-viewer`),
  ]);
  return { sourceOrg, editor, viewer, path: `/v1/source-orgs/${sourceOrg}/test-pages` };
}

describe('a test page', () => {
  it('is an alert that is marked as a test, with one handle, whose sender the audit names', async () => {
    const { sourceOrg, editor, path } = await anOrg();
    const { status, body } = await send(editor, 'POST', path, { handle });
    expect(status).toBe(201);
    const [seen] = await bus.alerts(sourceOrg, 1);
    expect(seen?.data).toMatchObject({
      alertKey: `pagebridge-test/${body.id}`,
      transition: 'triggered',
      origin: 'monitor',
      title: 'Test page from Pagebridge',
      tags: ['pagebridge-test'],
      occurredAt: body.sentAt,
    });
    expect(body.alertKey).toBe(seen?.data.alertKey);
    expect(mentionsIn(seen?.data.message ?? '')).toEqual(['globex-eu/core-infra']);
    expect(seen?.data.message).toContain(`sent by bea (${issuer.url})`);
    const entries = () => bus.audited.filter((each) => each.sourceOrg === sourceOrg);
    await waitFor('the audit', () => entries().length > 0);
    expect(entries()).toMatchObject([
      { actor: `${issuer.url}#bea`, action: 'test-page.sent', target: body.alertKey, after: { handle } },
    ]);
  });

  it('pages nobody whom the name of its sender names', async () => {
    const { sourceOrg, path } = await anOrg();
    const token = await issuer.tokenOf('@oncall-all (@oncall-more)', `${sourceOrg}-admin`);
    await send(token, 'POST', path, { handle });
    const [seen] = await bus.alerts(sourceOrg, 1);
    expect(mentionsIn(seen?.data.message ?? '')).toEqual(['globex-eu/core-infra']);
  });

  it('is resolved once, through any instance', async () => {
    const { sourceOrg, editor, path } = await anOrg();
    const { body } = await send(editor, 'POST', path, { handle });
    for (const { url } of [other, one]) {
      expect((await send(editor, 'DELETE', `${path}/${body.id}`, undefined, url)).status).toBe(204);
    }
    await send(editor, 'POST', path, { handle });
    const seen = await bus.alerts(sourceOrg, 3);
    expect(seen.map(({ data }) => data.transition).toSorted()).toEqual(['recovered', 'triggered', 'triggered']);
    const ended = seen.find(({ data }) => data.transition === 'recovered');
    expect(ended?.data.alertKey).toBe(body.alertKey);
    expect(mentionsIn(ended?.data.message ?? '')).toEqual([]);
  });

  it('that nobody has resolved is resolved ten minutes after it was sent, also by an instance that did not send it', async () => {
    const sourceOrg = uniqueName('intake');
    const alertKey = `pagebridge-test/${randomUUID()}`;
    const sentAt = Date.now() - 11 * 60_000;
    const time = new Date(sentAt).toISOString();
    const digest = '0'.repeat(16);
    const test = {
      sourceOrg,
      alertKey,
      open: true,
      occurredAt: time,
      publishedAt: time,
      repeats: 0,
      test: true,
      digest,
    };
    await bus.write(IntakeEpisodes.encode(`${sourceOrg}/${alertKey}`, { id: 'test', source: '/spec', time }, test));
    const [ended] = await bus.alerts(sourceOrg, 1);
    const occurredAt = new Date(sentAt + 10 * 60_000).toISOString();
    expect(ended?.data).toMatchObject({ alertKey, transition: 'recovered', occurredAt });
  });

  it('of another org stays as it is', async () => {
    const [{ editor, path }, theirs] = await Promise.all([anOrg(), anOrg()]);
    const { body } = await send(theirs.editor, 'POST', theirs.path, { handle });
    expect((await send(editor, 'DELETE', `${path}/${body.id}`)).status).toBe(204);
    await send(theirs.editor, 'DELETE', `${theirs.path}/${body.id}`);
    const seen = await bus.alerts(theirs.sourceOrg, 2);
    expect(seen.map(({ data }) => data.transition)).toEqual(['triggered', 'recovered']);
  });

  it('is not sent if the audit cannot be written', async () => {
    const { sourceOrg, editor, path } = await anOrg();
    const publisher = one.app.get(Publisher);
    const publish = publisher.publish.bind(publisher);
    const isAudit = (records: Parameters<typeof publish>[0]) => records.some(({ topic }) => topic === Audit.card.topic);
    const away = jest.spyOn(publisher, 'publish').mockImplementation((records, options) => {
      if (isAudit(records)) return Promise.reject(new KafkaError('KAFKA.CLOSED', true, 'away'));
      return publish(records, options);
    });
    const { status, body, headers } = await send(editor, 'POST', path, { handle });
    away.mockRestore();
    // Whoever tries again by itself would page twice, if Kafka has the first.
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'kafka-away', null]);
    await send(editor, 'POST', path, { handle: '@oncall-later' });
    const [first] = await bus.alerts(sourceOrg, 1);
    expect(first?.data.message).toContain('@oncall-later');
  });
});

describe('who may send a test page', () => {
  it('is who may test: no viewer, nobody of another org, and no integration, whose route takes no person', async () => {
    const { sourceOrg, editor, viewer, path } = await anOrg();
    const integration = await bus.integrate({ sourceOrg });
    const alertmanager = '/v1/intake/alertmanager';
    await waitFor('the token', async () => (await send(integration, 'POST', alertmanager, {})).status !== 401);
    const answerTo = async (token: string, to = path) => {
      const { status, body } = await send(token, 'POST', to, { handle });
      return [status, body.code, body.permission];
    };
    expect(await answerTo(viewer)).toEqual([403, 'missing-permission', 'alerts:test']);
    expect(await answerTo((await anOrg()).editor)).toEqual([404, 'not-found', undefined]);
    expect(await answerTo(integration)).toEqual([403, 'missing-permission', 'alerts:test']);
    expect(await answerTo('')).toEqual([401, 'no-token', undefined]);
    expect(await answerTo(editor, alertmanager)).toEqual([401, 'malformed', undefined]);
    expect(bus.alertsOf(sourceOrg)).toEqual([]);
  });

  it('may send six a minute for an org, of which the resolved ones count too', async () => {
    const { sourceOrg, editor, path } = await anOrg();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(editor, 'POST', path, { handle })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(6).fill(201), 429, 429]);
    const sent = answers.find(({ status }) => status === 201);
    await send(editor, 'DELETE', `${path}/${sent?.body.id}`);
    const { status, body, headers } = await send(editor, 'POST', path, { handle });
    expect([status, body.code]).toEqual([429, 'too-many-test-pages']);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await bus.alerts(sourceOrg, 7)).toHaveLength(7);
  });
});

it.each([
  [{}, 'handle'],
  [{ handle: 'core-infra' }, 'handle'],
  [{ handle: '@oncall-a @oncall-b' }, 'handle'],
  [{ handle: `@oncall-${'a'.repeat(300)}` }, 'handle'],
  [{ handle, message: 'wake up' }, 'message'],
])('a request %j is refused with its field and a cure', async (body, field) => {
  const { editor, path } = await anOrg();
  expect(await send(editor, 'POST', path, body)).toMatchObject({
    status: 400,
    body: { code: 'invalid-request', errors: [{ field, cure: expect.any(String) }] },
  });
});
