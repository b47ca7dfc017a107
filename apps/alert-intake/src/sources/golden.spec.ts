import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Alerts } from '@pagebridge/contracts';
import { jsonOf } from '@pagebridge/service';
import { anIntegration } from '@pagebridge/testing';
import { type IntegrationKind, mentionsOf } from '@pagebridge/vocabulary';
import { alertOf } from '../alerts/alert-of.ts';
import type { Complaint, Reading, Refusal, SourceAlert } from '../alerts/source-alert.ts';
import { limitsOf } from '../callers/caller.guard.ts';
import { eventOf } from '../sending/event-of.ts';
import { understood } from '../sending/read.ts';
import { readAlertmanager } from './alertmanager/alertmanager.ts';
import { readDatadog } from './datadog/datadog.ts';
import { readGrafana } from './grafana/grafana.ts';
import { readEventV2 } from './pagerduty/pagerduty.ts';
import { readPlain } from './plain/plain-alerts.ts';

/** Returns what a source reads of the members of a request. */
function all(reading: Reading | Complaint) {
  const { members, read, notes = [] } = understood(reading);
  const results = members.map(read);
  const alerts = results.filter((each): each is SourceAlert => !('reason' in each));
  const refused = results.filter((each): each is Refusal => 'reason' in each);
  if (refused[0] && alerts.length === 0) throw new Error(refused[0].reason);
  return { alerts, refused: [...notes, ...refused] };
}

const example = (folder: string, name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, folder, 'examples', `${name}.json`), 'utf8'));
const cardsOf = (alerts: readonly SourceAlert[], kind: IntegrationKind) =>
  alerts.map((alert) => alertOf(alert, anIntegration({ kind })));

describe('a webhook of Alertmanager', () => {
  const { alerts, refused } = all(readAlertmanager(example('alertmanager', 'group')));
  const [first, second] = cardsOf(alerts, 'alertmanager');

  it('is split into its members, each with its own status and times', () => {
    expect(refused).toEqual([]);
    expect(alerts.map(({ says }) => says)).toEqual([
      { state: 'firing', at: Date.parse('2026-11-26T12:00:32.813Z') },
      { state: 'resolved', at: Date.parse('2026-11-26T12:03:17.813Z') },
    ]);
    expect(second).toMatchObject({ alertKey: 'here:c6eadffa33fcdf37', title: 'High memory on web-3' });
  });

  it('becomes an alert with the texts of people first, labels as facts and tags, and its links', () => {
    expect(first).toEqual({
      sourceOrg: 'acme-us',
      alertKey: 'here:8a07086b74f3ba78',
      origin: 'monitor',
      title: 'High memory on web-7',
      message:
        '92 % for 10 m. @oncall-core-infra\n\nHigh memory on web-7\n\nalertname=HighMemory\ncluster=eu1\ninstance=web-7:9100\nseverity=critical',
      priority: 'P1',
      tags: ['cluster:eu1', 'instance:web-7:9100', 'severity:critical'],
      links: [
        { title: 'Runbook', url: 'https://runbooks.example.com/mem' },
        { title: 'Source', url: 'https://prom.example.com/graph?g0.expr=mem+%3E+0.9' },
        { title: 'Alertmanager', url: 'https://am.example.com/' },
      ],
    });
  });

  it('loses only the member that cannot be read', () => {
    const body = example('alertmanager', 'group') as { alerts: object[] };
    const read = all(readAlertmanager({ ...body, alerts: [...body.alerts, { status: 'gone' }, null] }));
    expect(read.alerts).toHaveLength(2);
    expect(read.refused.map(({ place }) => place)).toEqual(['alerts.2', 'alerts.3']);
  });

  it('of a version before 0.19, which has no fingerprints, is told apart by all of its labels', () => {
    const of = (labels: object) => ({ status: 'firing', labels, annotations: {}, startsAt: '2026-11-26T12:00:32Z' });
    const bodies = [of({ a: '1,b=2' }), of({ a: '1', b: '2' }), of({ b: '2', a: '1' })];
    const [one, other, again] = cardsOf(all(readAlertmanager({ alerts: bodies, version: '4' })).alerts, 'alertmanager');
    expect(one?.alertKey).not.toBe(other?.alertKey);
    expect(again?.alertKey).toBe(other?.alertKey);
  });

  it('with a payload of its own, or with more alerts than any group has, is refused', () => {
    expect(() => all(readAlertmanager({ text: 'hello' }))).toThrow();
    expect(() => all(readAlertmanager({ alerts: Array(10_001).fill({}) }))).toThrow();
  });
});

it.each(['alertmanager', 'grafana'])('a group of %s may fill the whole body of its route', (kind) => {
  const { alerts, ...group } = example(kind, 'group') as { alerts: readonly object[] };
  const maxBytes = 4 * 1024 * 1024;
  const many = Math.floor((maxBytes * 0.95 * alerts.length) / Buffer.byteLength(JSON.stringify(alerts)));
  const full = Array.from({ length: many }, (_, i) => ({ ...alerts[i % alerts.length], fingerprint: String(i) }));
  const bytes = Buffer.from(JSON.stringify({ ...group, alerts: full }));
  expect(bytes.length).toBeLessThan(maxBytes);
  expect(jsonOf(bytes, 'application/json', limitsOf(maxBytes, bytes.length))).toMatchObject({
    alerts: { length: many },
  });
});

describe('a webhook of Grafana', () => {
  const { alerts } = all(readGrafana(example('grafana', 'group')));
  const [first, second] = cardsOf(alerts, 'grafana');

  it('has facts from its values, the uid of its rule, and no hidden labels', () => {
    expect(first).toMatchObject({
      title: 'Zone us-1',
      message: expect.stringMatching(/^@oncall-core-infra memory is high(?:.|\n)*\nB=44.2\nC=1$/),
      tags: ['grafana_folder:infra', 'rule:1afz29v7z', 'team:blue', 'zone:us-1'],
      links: [
        { title: 'Runbook', url: 'https://runbooks.example.com/mem' },
        { title: 'Source', url: 'https://grafana.example.com/alerting/grafana/1afz29v7z/view?orgId=1' },
        { title: 'Silence', url: 'https://grafana.example.com/alerting/silence/new?alertmanager=grafana' },
      ],
    });
    expect(first?.message).not.toContain('__alert_rule_uid__');
  });

  it('says of missing data that there is none, by the name of its rule', () => {
    expect(alerts[1]?.says).toMatchObject({ state: 'firing', as: 'no-data' });
    expect(second).toMatchObject({ title: 'High memory usage' });
  });
});

it('what Grafana sends of series, data sources and test buttons is read as it means it', () => {
  const { alerts, refused } = all(readGrafana(example('grafana', 'states')));
  const [missing, error, test] = cardsOf(alerts, 'grafana');
  expect(alerts.map(({ says, name }) => [says.state, name])).toEqual([
    ['resolved', 'High memory usage'],
    ['firing', 'DatasourceError'],
    ['firing', 'TestAlert'],
  ]);
  expect(missing?.message).toContain('MissingSeries');
  expect(error).toMatchObject({ title: 'High memory usage', message: expect.stringMatching(/connection refused/) });
  expect(test).toMatchObject({ title: 'Notification test', message: expect.stringMatching(/B=22\nC=1$/) });
  expect(refused).toEqual([
    {
      place: 'truncatedAlerts',
      reason: 'max_alerts removed 12 alerts; unset it',
      members: [],
    },
  ]);
});

describe('a notification of Datadog', () => {
  it('keeps its id and time, has an alert for each cycle, and only what its text names', () => {
    const [alert] = all(readDatadog(example('datadog', 'triggered'))).alerts;
    expect(alert?.says).toEqual({
      state: 'notified',
      id: '8306082202796025694',
      at: 1_759_343_824_000,
      transition: 'triggered',
    });
    expect(cardsOf([alert as SourceAlert], 'datadog')[0]).toMatchObject({
      alertKey: 'here:221164084/7716548234011230001',
      origin: 'monitor',
      priority: 'P1',
      message: expect.stringMatching(/^@webhook-pagebridge @oncall-core-infra\n/),
      tags: ['env:prod', 'monitor:221164084', 'service:api', 'team:payments'],
    });
  });

  it('has the fields of the payload that its users paste; what Datadog leaves as it is counts as absent', () => {
    const template = new URL('../../../../docs/how-to/examples/datadog-webhook.json', import.meta.url);
    const payload = JSON.parse(readFileSync(template, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(payload)).toEqual(Object.keys(example('datadog', 'triggered')));
    expect(() => all(readDatadog({ ...payload, transition: '' }))).toThrow();
    expect(() => all(readDatadog({ transition: 'Triggered' }))).toThrow();
    const [alert] = all(readDatadog({ ...payload, transition: 'Triggered', monitor: '1', scope: 'env:prod' })).alerts;
    expect(alert).toMatchObject({ identity: '1/env:prod', title: '', priority: undefined, tags: ['monitor:1'] });
    expect(alert?.says).toEqual({ state: 'triggered', at: undefined });
  });

  it('of an incident needs no transition', () => {
    const its = { transition: '$ALERT_TRANSITION', incident: '42', monitor: '' };
    const [alert] = all(readDatadog({ ...example('datadog', 'triggered'), ...its })).alerts;
    expect(alert).toMatchObject({
      identity: 'incident:42',
      origin: 'incident-rule',
      says: { transition: 'triggered' },
    });
  });

  it.each([
    ['Recovered', 'recovered'],
    ['Warn Recovered', 'recovered'],
    ['WARN', 'warned'],
    ['Re-No Data', 'no-data'],
    ['Renotify', 'renotified'],
    ['Something new', 'triggered'],
  ])('with the transition %s is %s', (transition, expected) => {
    const [alert] = all(readDatadog({ ...example('datadog', 'triggered'), transition })).alerts;
    expect(alert?.says).toMatchObject({ transition: expected });
  });
});

describe('an event of the Events API v2', () => {
  const event = (body: unknown) => {
    const read = understood(readEventV2(body));
    return { dedupKey: read.dedupKey, alert: all(read).alerts[0] };
  };
  const { dedupKey, alert } = event(example('pagerduty', 'trigger'));

  it('names its alert by its key, whom to page by a field, and its time also without a colon', () => {
    expect(dedupKey).toBe('srv01/mysql');
    expect(alert?.says).toEqual({ state: 'triggered', at: Date.parse('2026-11-26T12:00:32.315Z') });
    expect(cardsOf([alert as SourceAlert], 'pagerduty')[0]).toEqual({
      sourceOrg: 'acme-us',
      alertKey: 'here:srv01/mysql',
      origin: 'monitor',
      title: 'DISK at 99% on srv01',
      message:
        'DISK at 99% on srv01\n\nfree space=1%\nsource=srv01.example.com\ncomponent=mysql\ngroup=prod-datapipe\nclass=disk\nclient=Nagios',
      priority: 'P1',
      tags: ['class:disk', 'client:Nagios', 'component:mysql', 'group:prod-datapipe', 'source:srv01.example.com'],
      links: [
        { title: 'Runbook', url: 'https://runbooks.example.com/disk' },
        { title: 'Nagios', url: 'https://nagios.example.com/' },
        { title: 'graph', url: 'https://img.example.com/g.png' },
      ],
      recipients: ['oncall-core-infra'],
    });
  });

  it('without a key has one of its own, the same for the same body and any token', () => {
    const { dedup_key: _, ...body } = example('pagerduty', 'trigger');
    const own = event(body).dedupKey;
    expect(own).toMatch(/^[0-9a-f]{64}$/);
    expect(event({ ...body, routing_key: 'another' }).dedupKey).toBe(own);
    expect(event({ ...body, client: 'another' }).dedupKey).not.toBe(own);
  });

  it('that acknowledges pages nobody, and one that resolves needs only its key', () => {
    expect(event({ event_action: 'acknowledge', dedup_key: 'a' })).toEqual({ dedupKey: 'a', alert: undefined });
    expect(event({ event_action: 'resolve', dedup_key: 'a' }).alert).toMatchObject({
      says: { state: 'resolved' },
      identity: 'a',
    });
  });
});

it.each([
  ['alertmanager', '7a4f1c0d4a3f5b0f7f5f2a5f3b0c7e1d9a8b6c5d4e3f2a1b0c9d8e7f6a5b4c3d', 'P1', 'Alertmanager'],
  ['zabbix', '48151', 'P2', 'Event link'],
  ['uptime-kuma', 'Uptime Kuma/12', 'P4', undefined],
  ['checkmk', 'Filesystem/var/srv01:10.0.0.7', 'P1', 'Check_MK'],
])('the event that %s sends is an alert, and its resolve ends that alert', (name, key, priority, link) => {
  const body = example('pagerduty', name);
  const [alert] = all(readEventV2(body)).alerts;
  const [card] = alert ? cardsOf([alert], 'pagerduty') : [];
  expect(alert?.says).toEqual({ state: 'triggered', at: undefined });
  expect(card).toMatchObject({
    alertKey: `here:${key}`,
    title: (body.payload as { summary: string }).summary,
    priority,
  });
  expect(card?.links?.[0]?.title).toBe(link);
  // Details are facts, in which no handle counts; a field of them is.
  expect(card && mentionsOf(card)).toEqual(name === 'checkmk' ? [] : ['core-infra']);
  const { routing_key, dedup_key } = body;
  expect(all(readEventV2({ routing_key, dedup_key, event_action: 'resolve' })).alerts).toMatchObject([
    { identity: alert?.identity, says: { state: 'resolved' } },
  ]);
});

describe('a plain alert', () => {
  it('needs a key, a status and a title', () => {
    const alert = {
      key: 'web-7/disk',
      status: 'firing',
      title: 'Disk full',
      message: '@oncall-core-infra 99 %',
      severity: 'high',
    };
    expect(cardsOf(all(readPlain(alert)).alerts, 'alerts')).toEqual([
      expect.objectContaining({ alertKey: 'here:web-7/disk', title: 'Disk full', priority: 'P2' }),
    ]);
  });

  it('that cannot be read is refused alone among others', () => {
    const good = { key: 'a', status: 'resolved' };
    expect(all(readPlain([good, { key: 'b' }])).refused).toEqual([
      expect.objectContaining({ place: '1', reason: 'status is neither firing nor resolved' }),
    ]);
  });
});

it('every alert makes an event that its contract accepts', () => {
  const every = [
    ...all(readAlertmanager(example('alertmanager', 'group'))).alerts,
    ...all(readGrafana(example('grafana', 'group'))).alerts,
    ...all(readDatadog(example('datadog', 'triggered'))).alerts,
  ];
  for (const card of cardsOf(every, 'alertmanager')) {
    const next = {
      open: true,
      startsAt: 0,
      occurredAt: 0,
      recoveredAt: undefined,
      publishedAt: 0,
      repeats: 0,
      digest: '',
    };
    const event = eventOf(card, { transition: 'triggered', occurredAt: Date.UTC(2026), next }, 'here');
    const { id, source, time, data } = event;
    expect(Alerts.decode({ value: Alerts.encode('k', { id, source, time }, data).value, headers: {} })).toMatchObject({
      ok: true,
    });
  }
});
