import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { integrate, type StackInfo } from '@pagebridge/local-stack';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { promise, type Target, target } from '../target.ts';
import { ask } from './client.ts';
import type { Operation } from './operations.ts';
import { type DrawnRequest, requestsOf } from './requests.ts';

const sources = join(import.meta.dirname, '../../../apps/alert-intake/src/sources');
const example = (path: string): unknown => JSON.parse(readFileSync(join(sources, path), 'utf8'));
const event = {
  specversion: '1.0',
  type: 'com.pagebridge.alert.v1',
  source: '/fuzz',
  id: '1',
  data: {
    alertKey: 'a',
    transition: 'triggered',
    origin: 'monitor',
    title: 'a',
    message: '',
    occurredAt: '2026-11-26T12:00:00Z',
  },
};
const plain = {
  key: 'a',
  status: 'firing',
  title: 'a',
  message: '@oncall-core-infra',
  tags: ['a:b'],
  links: [],
  startsAt: 1_764_158_400,
};

const paths: Readonly<Record<IntegrationKind, readonly [path: string, good: readonly unknown[]]>> = {
  alertmanager: ['/v1/intake/alertmanager', [example('alertmanager/examples/group.json')]],
  grafana: ['/v1/intake/grafana', [example('grafana/examples/group.json')]],
  datadog: ['/v1/intake/datadog', [example('datadog/examples/triggered.json')]],
  pagerduty: ['/v2/enqueue', [{ ...(example('pagerduty/examples/trigger.json') as object), routing_key: ':token' }]],
  cloudevents: ['/v1/intake/cloudevents', [event, [event, event]]],
  alerts: ['/v1/intake/alerts', [plain, [plain, plain]]],
};
const documented = new Set([200, 202, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 429, 431, 503]);
const operations: readonly Operation[] = Object.values(paths).map(([path, good]) => ({
  method: 'POST',
  path,
  queries: [],
  body: fc.constantFrom(...good),
  statuses: documented,
}));

export const intakeTargetName = 'http alert-intake';

/** Returns a target for the routes of alert-intake, each with a token of its own kind. */
export async function intakeTarget(info: StackInfo): Promise<Target> {
  const tokens = new Map<string, string>();
  for (const kind of integrationKinds) tokens.set(paths[kind][0], await integrate(info, `fuzz-${kind}`, kind));
  return target(intakeTargetName, requestsOf(operations), (drawn) => look(info.services.alertIntake, drawn, tokens));
}

async function look(url: string, drawn: DrawnRequest, tokens: ReadonlyMap<string, string>): Promise<void> {
  const token = tokens.get(drawn.path.replace(/\?.*/, '')) ?? '';
  const isPagerDuty = drawn.path.startsWith('/v2/enqueue');
  const authorization = isPagerDuty ? {} : { authorization: `Bearer ${token}` };
  const isCloudEvent =
    drawn.path.startsWith('/v1/intake/cloudevents') && drawn.headers['content-type'] === 'application/json';
  const type = isCloudEvent ? { 'content-type': 'application/cloudevents+json' } : {};
  const body = drawn.headers['content-encoding'] ? drawn.body : filledIn(drawn.body, token);
  const reply = await ask(url, { ...drawn, headers: { ...authorization, ...drawn.headers, ...type }, body });
  if (!reply) return;
  const { status, contentType } = reply;
  promise(documented.has(status), `${status} is not documented: ${reply.body}`);
  if (status < 400 || drawn.method === 'HEAD' || (contentType === '' && reply.body.length === 0)) return;
  const answer = JSON.parse(reply.body.toString());
  if (contentType.startsWith('application/problem+json'))
    promise(answer.status === status, `${status} says ${answer.status}`);
  else promise(isPagerDuty && Array.isArray(answer.errors), `${status} as ${contentType}: ${reply.body}`);
}

const filledIn = (body: Buffer | undefined, token: string): Buffer | undefined =>
  body && Buffer.from(body.toString('latin1').replaceAll(':token', token), 'latin1');
