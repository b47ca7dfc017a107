import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, globalAgent, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CertificateAuthority, uniqueName, waitFor } from '@pagebridge/testing';
import { acknowledge, event, resolve, trigger } from '@pagerduty/pdjs';
import { Bus, startIntake } from '../../alert-intake.fixtures.ts';

/* PagerDuty's own client, which insists on https: an ingress with a certificate of a test CA stands before alert-intake. */
const bus = new Bus();
let intake: Awaited<ReturnType<typeof startIntake>>;
let ingress: Server;
let server: string;

beforeAll(async () => {
  await bus.start();
  intake = await startIntake();
  const authority = await CertificateAuthority.create();
  const issued = await authority.issue({ name: 'intake', hosts: ['localhost'] });
  // The client takes no CA of its own.
  globalAgent.options.ca = authority.cert;
  ingress = createServer(issued, (from, to) => {
    const { method, headers, url = '' } = from;
    const passed = request(intake.url + url, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(to);
    });
    from.pipe(passed);
  }).listen(0, 'localhost');
  await once(ingress, 'listening');
  server = `localhost:${(ingress.address() as AddressInfo).port}`;
});
afterAll(async () => {
  ingress?.closeAllConnections();
  ingress?.close();
  await intake?.app.close();
  await bus.stop();
});

it("PagerDuty's own client triggers, acknowledges and resolves, and understands a refusal", async () => {
  const sourceOrg = uniqueName('intake');
  const routing_key = await bus.integrate({ sourceOrg, kind: 'pagerduty' });
  const payload = { summary: '@oncall-core-infra disk full', source: 'srv01', severity: 'critical' as const };
  const data = { routing_key, dedup_key: 'srv01/disk', payload };
  const first = () => trigger({ server, data: { ...data, event_action: 'trigger' } });
  await waitFor('the token', async () => (await first()).response.status === 202);
  expect((await first()).data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'srv01/disk' });
  expect((await acknowledge({ server, data: { ...data, event_action: 'acknowledge' } })).response.status).toBe(202);
  expect((await resolve({ server, data: { ...data, event_action: 'resolve' } })).response.status).toBe(202);
  const seen = await bus.alerts(sourceOrg, 2);
  expect(seen.map(({ data: alert }) => [alert.transition, alert.alertKey])).toEqual([
    ['triggered', 'here:srv01/disk'],
    ['recovered', 'here:srv01/disk'],
  ]);
  const refused = await event({ server, data: { ...data, routing_key: 'R0', event_action: 'trigger' } });
  expect([refused.response.status, refused.data]).toEqual([400, expect.objectContaining({ status: 'invalid event' })]);
});
