import type { IntegrationKind } from '@pagebridge/vocabulary';

export type Fields = Record<string, unknown>;

/** How a source writes its requests. */
interface Dialect {
  readonly path: string;
  readonly contentType: string;
  /** What its route takes. */
  readonly maxBytes: number;
  /** The most alerts in one of its bodies. */
  readonly maxAlerts: number;
  /** An alert that pages the team, with a text. */
  readonly alert: (id: string, text: string) => Fields;
  /** The shortest alert that pages the team, where one request has thousands. */
  readonly least?: (id: string) => Fields;
  readonly around: (alerts: readonly Fields[]) => unknown;
  /** What its reader looks at, and one that it does not know: of each alert, and of the body around them. */
  readonly places: { readonly alert: readonly string[]; readonly body: readonly string[] };
}

const mebibyte = 1024 * 1024;
const startsAt = '2026-11-26T12:00:32.813Z';
const links = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'https://example.com/a']));

const grouped: Pick<Dialect, 'contentType' | 'maxBytes' | 'maxAlerts' | 'alert' | 'least' | 'around'> = {
  contentType: 'application/json',
  maxBytes: 4 * mebibyte,
  maxAlerts: 10_000,
  alert: (id, text) => ({
    status: 'firing',
    labels: { alertname: 'HighMemory', instance: id, cluster: 'eu1', severity: 'critical', priority: 'P1' },
    annotations: { summary: 'High memory', description: text, oncall: 'core-infra', ...links(['runbook_url']) },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: id,
    generatorURL:
      'https://prometheus.example.com/graph?g0.expr=1+-+node_memory_MemAvailable_bytes%2Fnode_memory_MemTotal_bytes+%3E+0.92&g0.tab=1',
  }),
  least: (id) => ({ status: 'firing', fingerprint: id, annotations: { oncall: 'core-infra' } }),
  around: (alerts) => ({ version: '4', status: 'firing', alerts, truncatedAlerts: 0, ...links(['externalURL']) }),
};
const inLabels = ['alertname', 'instance', 'severity', 'priority', 'oncall', 'other'].map((name) => `labels.${name}`);
const inAnnotations = ['summary', 'description', 'oncall', 'runbook_url', 'other'].map((name) => `annotations.${name}`);
const ofGroups = {
  alert: ['', 'status', 'labels', ...inLabels, 'annotations', ...inAnnotations, 'startsAt', 'fingerprint'].concat(
    'generatorURL',
    'other',
  ),
  body: ['', 'alerts', 'externalURL', 'truncatedAlerts', 'other'],
};

export const dialects: Readonly<Record<IntegrationKind, Dialect>> = {
  alertmanager: { ...grouped, path: '/v1/intake/alertmanager', places: ofGroups },
  grafana: {
    ...grouped,
    path: '/v1/intake/grafana',
    places: {
      alert: [...ofGroups.alert, 'labels.rulename', 'values', 'values.B', 'ruleUID', 'dashboardURL', 'imageURL'],
      body: ofGroups.body,
    },
  },
  datadog: {
    path: '/v1/intake/datadog',
    contentType: 'application/json',
    maxBytes: mebibyte,
    maxAlerts: 1,
    alert: (id, text) => ({
      id,
      date: '1759343824000',
      monitor: '221164084',
      cycle: id,
      transition: 'Triggered',
      priority: 'P1',
      title: '[Triggered] API 5xx rate above 2%',
      message: text,
      scope: 'env:prod',
      tags: 'env:prod,service:api',
      link: 'https://app.datadoghq.com/event/jump_to',
      incident: '',
    }),
    around: ([alert]) => alert,
    places: {
      alert: [
        '',
        'id',
        'date',
        'monitor',
        'cycle',
        'transition',
        'priority',
        'title',
        'message',
        'scope',
        'tags',
      ].concat('link', 'snapshot', 'incident', 'other'),
      body: [],
    },
  },
  pagerduty: {
    path: '/v2/enqueue',
    contentType: 'application/json',
    maxBytes: mebibyte / 2,
    maxAlerts: 1,
    alert: (id, text) => ({
      event_action: 'trigger',
      dedup_key: id,
      client: 'Nagios',
      client_url: 'https://nagios.example.com',
      payload: { summary: text, source: 'srv01', severity: 'critical', custom_details: { oncall: 'core-infra' } },
      links: [{ href: 'https://runbooks.example.com/disk', text: 'Runbook' }],
    }),
    around: ([alert]) => alert,
    places: {
      alert: ['', 'event_action', 'dedup_key', 'client', 'client_url', 'payload', 'payload.summary', 'payload.source']
        .concat('payload.severity', 'payload.timestamp', 'payload.custom_details', 'payload.custom_details.oncall')
        .concat('payload.custom_details.recipients', 'payload.custom_details.other', 'links', 'images', 'other'),
      body: [],
    },
  },
  cloudevents: {
    path: '/v1/intake/cloudevents',
    contentType: 'application/cloudevents-batch+json',
    maxBytes: 4 * mebibyte,
    maxAlerts: 100,
    alert: (id, text) => ({
      specversion: '1.0',
      type: 'com.pagebridge.alert.v1',
      source: '/hostile',
      id,
      data: {
        alertKey: id,
        transition: 'triggered',
        origin: 'monitor',
        title: 'High memory',
        message: text,
        occurredAt: startsAt,
      },
    }),
    around: (alerts) => alerts,
    places: {
      alert: [
        '',
        'source',
        'id',
        'time',
        'other',
        'data',
        'data.alertKey',
        'data.title',
        'data.message',
        'data.tags',
      ].concat('data.links', 'data.recipients', 'data.occurredAt', 'data.sourceOrg', 'data.other'),
      body: [''],
    },
  },
  alerts: {
    path: '/v1/intake/alerts',
    contentType: 'application/json',
    maxBytes: 4 * mebibyte,
    maxAlerts: 100,
    alert: (id, text) => ({
      key: id,
      status: 'firing',
      title: 'High memory',
      message: text,
      severity: 'critical',
      tags: ['cluster:eu1'],
      links: [{ title: 'Runbook', url: 'https://runbooks.example.com/mem' }],
      details: { instance: 'web-7' },
    }),
    around: (alerts) => alerts,
    places: {
      alert: [
        '',
        'key',
        'status',
        'title',
        'message',
        'severity',
        'priority',
        'oncall',
        'tags',
        'links',
        'details',
      ].concat('details.other', 'startsAt', 'endsAt', 'other'),
      body: [''],
    },
  },
};
