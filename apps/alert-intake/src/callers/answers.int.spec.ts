import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { Bus, startIntake } from '../alert-intake.fixtures.ts';

const bus = new Bus();
let intake: Awaited<ReturnType<typeof startIntake>>;

beforeAll(async () => {
  await bus.start();
  intake = await startIntake();
});
afterAll(async () => {
  await intake.app.close();
  await bus.stop();
});

async function counted(): Promise<Readonly<Record<string, number>>> {
  const [metric] = (await intake.app.get(Registry).getMetricsAsJSON()).filter(
    ({ name }) => name === 'pagebridge_intake_requests_total',
  );
  return Object.fromEntries(
    metric?.values.map(({ labels, value }) => [`${labels.kind} ${labels.answer}`, value]) ?? [],
  );
}

const send = (path: string, body: string) =>
  fetch(intake.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

it('counts each request once by its answer, also where a source is answered in words of its own', async () => {
  const token = await bus.integrate({ kind: 'pagerduty' });
  const post = (body: object) => send('/v2/enqueue', JSON.stringify(body)).then(({ status }) => status);
  const payload = { summary: 'disk full', source: 'srv01', severity: 'critical' };
  const event = { routing_key: token, event_action: 'trigger', dedup_key: 'srv01', payload };
  await waitFor('the token', async () => (await post(event)) === 202);
  const before = await counted();
  expect([
    await post(event),
    await post({ ...event, payload: {} }),
    await post({ ...event, routing_key: 'R0' }),
  ]).toEqual([202, 400, 400]);
  await send('/v1/intake/grafana', '{');
  const since = async () =>
    Object.entries(await counted())
      .map(([of, value]) => [of, value - (before[of] ?? 0)] as const)
      .filter(([, many]) => many > 0);
  // An answer is counted once its response is closed, which its sender may see earlier.
  await waitFor('four answers', async () => (await since()).reduce((sum, [, many]) => sum + many, 0) >= 4);
  expect(Object.fromEntries(await since())).toEqual({
    'pagerduty taken': 1,
    'pagerduty not-understood': 1,
    'pagerduty unauthorized': 1,
    'grafana unauthorized': 1,
  });
});

it('counts an upload that its sender broke off as one that comes again', async () => {
  const token = await bus.integrate({ kind: 'datadog' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const datadog = `${intake.url}/v1/intake/datadog`;
  const isKnown = async () => (await fetch(datadog, { method: 'POST', headers, body: '{}' })).status !== 401;
  await waitFor('the token', isKnown);
  const before = await counted();
  const { hostname, port } = new URL(intake.url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ host: 'x', ...headers, 'content-length': '100' }).map((each) => each.join(': '));
  socket.write(`POST /v1/intake/datadog HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{`, () => socket.destroy());
  const since = async (answer: string) =>
    ((await counted())[`datadog ${answer}`] ?? 0) - (before[`datadog ${answer}`] ?? 0);
  await waitFor('the answer', async () => (await since('shed')) === 1);
  expect([await since('held-too-long'), await since('not-understood')]).toEqual([0, 0]);
});
