import { namespace } from '../chart/render.ts';
import { type Metrics, type Service, services, type ValueAt } from './healthy.ts';
import { type Life, steady } from './installation.ts';
import type { Firing } from './promtool.ts';

/** A fault that begins in minute `begin`, and all alerts that fire from then on. */
export interface Fault {
  readonly title: string;
  readonly lives: readonly Life[];
  readonly broken?: readonly [Service, Metrics];
  readonly firing: readonly Firing[];
}

export const begin = 15;

const from = begin;
/** Another value from the beginning of the fault. */
const becomes =
  (value: number, before: number | undefined = 0): ValueAt =>
  (minute) =>
    minute < from ? before : value;
/** A counter that was not there before its first increment. */
const appears = becomes(1, undefined);

const fault = (
  severity: 'critical' | 'warning',
  alertname: string,
  title: string,
  service: Service,
  metrics: Metrics,
  labels: Readonly<Record<string, string>> = { service },
): Fault => ({
  title: `${alertname} ${title}`,
  lives: steady,
  broken: [service, metrics],
  firing: [{ alertname, severity, ...labels }],
});

const absent = (alertname: string, service: Service): Fault => ({
  title: `${alertname} where no instance is scraped`,
  lives: steady.map((life) => (life.service === service ? { ...life, until: from } : life)),
  firing: [{ alertname, severity: 'critical', namespace, service }],
});

const parked = (topic: string, reason: string) =>
  `pagebridge_kafka_records_parked_total{topic="${topic}", reason="${reason}"}`;
const outcomes = (outcome: string) => `pagebridge_page_outcomes_total{outcome="${outcome}"}`;
const lag = (topic: string) => `pagebridge_kafka_lag_seconds{topic="${topic}", partition="0"}`;
const waits = (dataCenter: string) => `pagebridge_page_oldest_waiting_seconds{data_center="${dataCenter}"}`;

export const faults: readonly Fault[] = [
  fault('critical', 'PagebridgePagesUndeliverable', 'where a page is given up', 'page-delivery', {
    [outcomes('undeliverable')]: becomes(6, 5),
  }),
  fault('critical', 'PagebridgePagesUndeliverable', 'where the first page is given up', 'page-delivery', {
    [outcomes('undeliverable')]: appears,
  }),
  {
    ...fault(
      'critical',
      'PagebridgePagesUndeliverable',
      'where an instance gives up a page as it starts',
      'page-delivery',
      {
        [outcomes('undeliverable')]: (minute) => (minute < from ? undefined : 1),
      },
    ),
    lives: steady.flatMap((life) =>
      life.service === 'page-delivery' && life.pod === 'a'
        ? [
            { ...life, until: from },
            { ...life, pod: 'a-new', startedAt: from },
          ]
        : [life],
    ),
  },
  fault('warning', 'PagebridgePagesUnresolved', 'where a page stays open', 'page-delivery', {
    [outcomes('unresolved')]: becomes(3, 2),
  }),
  {
    ...fault(
      'critical',
      'PagebridgePageWaits',
      'where a page waits, while one of another data center does',
      'page-delivery',
      {
        [waits('EU1')]: () => 900,
        [waits('AP1')]: becomes(400),
      },
    ),
    firing: ['EU1', 'AP1'].map((data_center) => ({
      ...{ alertname: 'PagebridgePageWaits', severity: 'critical' },
      ...{ service: 'page-delivery', data_center },
    })),
  },
  fault(
    'critical',
    'PagebridgeAlertsParked',
    'where an alert cannot be read',
    'page-routing',
    { [parked('paging.org-alerts.v1.acme-us', 'not-json')]: appears },
    { topic: 'paging.org-alerts.v1.acme-us', reason: 'not-json' },
  ),
  fault('critical', 'PagebridgeOrgTopicUnread', 'where the topic of an org is not read', 'page-routing', {
    pagebridge_org_topics_unread: becomes(1),
  }),
  fault('critical', 'PagebridgeRegistryStale', 'where a table is not read', 'page-routing', {
    pagebridge_registry_stale_seconds: becomes(90),
  }),
  ...Object.entries<ValueAt>({
    'where a backlog is flat': becomes(90, 1),
    'where a backlog grows': (minute) => Math.max(1, (minute - from) * 20),
  }).map(([title, age]) =>
    fault(
      'warning',
      'PagebridgeDoesNotKeepUp',
      title,
      'page-routing',
      { [lag('paging.alerts.v1')]: age },
      { service: 'page-routing', topic: 'paging.alerts.v1' },
    ),
  ),
  fault(
    'critical',
    'PagebridgeKafkaCannotServe',
    'where a partition has no leader',
    'page-delivery',
    { 'pagebridge_kafka_unread_partitions{topic="paging.page-commands.v1"}': becomes(1) },
    { service: 'page-delivery', topic: 'paging.page-commands.v1' },
  ),
  fault('critical', 'PagebridgeCredentialRefused', 'where keys are refused', 'page-delivery', {
    'pagebridge_lanes{condition="refused"}': becomes(1),
  }),
  fault('critical', 'PagebridgeSealingKeyMissing', 'where a key is not held', 'handle-sync', {
    pagebridge_credentials_of_unheld_keys: becomes(2),
  }),
  fault(
    'warning',
    'PagebridgeHandlesUnrouted',
    'where a handle pages nobody',
    'page-routing',
    { 'pagebridge_unrouted_handles_total{reason="unknown-handle"}': becomes(8, 7) },
    { reason: 'unknown-handle' },
  ),
  fault(
    'critical',
    'PagebridgeRecordsUnread',
    'where records were deleted before they were read',
    'page-routing',
    { 'pagebridge_kafka_offset_resets_total{topic="paging.alerts.v1", kind="unread"}': becomes(2, 1) },
    { service: 'page-routing', topic: 'paging.alerts.v1' },
  ),
  fault('warning', 'PagebridgeAccessPolicyRefused', 'where a policy is refused', 'handle-sync', {
    'pagebridge_access_policy_changes_total{result="refused"}': becomes(2, 1),
  }),
  fault('warning', 'PagebridgeApiTokensStale', 'where API tokens are not read', 'handle-sync', {
    pagebridge_api_tokens_stale_seconds: becomes(300),
  }),
  fault('warning', 'PagebridgeChangesStay', 'where the outbox does not empty', 'connection-management', {
    pagebridge_outbox_oldest_age_seconds: becomes(120),
  }),
  fault(
    'warning',
    'PagebridgeManyDenied',
    'where two requests a second are denied',
    'connection-management',
    {
      'pagebridge_denied_requests_total{route="/", reason="no-token"}': (minute) => minute * (minute < from ? 3 : 120),
    },
    { reason: 'no-token' },
  ),
  absent('PagebridgeRoutingAbsent', 'page-routing'),
  absent('PagebridgeDeliveryAbsent', 'page-delivery'),
  ...services.map((service) =>
    fault('critical', 'PagebridgeNotReady', `where an instance of ${service} is not ready`, service, {
      pagebridge_ready: becomes(0, 1),
    }),
  ),
  fault('critical', 'PagebridgeNotReady', 'where an instance reads no records', 'page-delivery', {
    pagebridge_consumer_ready: becomes(0, 1),
  }),
  fault(
    'critical',
    'PagebridgeTooManyPagesWait',
    'where the pages of an org are turned away',
    'page-delivery',
    { [parked('paging.page-commands.v1', 'too-many-waiting')]: becomes(10, 9) },
    { reason: 'too-many-waiting' },
  ),
  fault(
    'critical',
    'PagebridgeLedgerUnreadable',
    'where the ledger has what cannot be read',
    'page-delivery',
    { [parked('paging.page-commands.v1', 'ledger-unreadable')]: becomes(3, 2) },
    { reason: 'ledger-unreadable' },
  ),
  fault('warning', 'PagebridgeAlertsForgotten', 'where alerts are forgotten', 'page-delivery', {
    pagebridge_ledger_alerts_forgotten_total: becomes(4, 3),
  }),
];
