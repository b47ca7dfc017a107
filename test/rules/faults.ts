import { namespace } from '../chart/render.ts';
import { type Metrics, type Service, services, type ValueAt } from './healthy.ts';
import { type Life, steady } from './installation.ts';
import type { Firing } from './promtool.ts';

/** What goes wrong from minute `begin` on, and all alerts that fire from then on. */
export interface Fault {
  readonly title: string;
  readonly lives: readonly Life[];
  readonly broken?: readonly [Service, Metrics];
  readonly firing: readonly Firing[];
}

export const begin = 15;

/** A value that changes as the fault begins. */
export const becomes =
  (value: number, before: number | undefined = 0): ValueAt =>
  (minute) =>
    minute < begin ? before : value;
/** A counter that was not there before its first increment. */
const appears = becomes(1, undefined);

export const fault = (
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

export const absent = (severity: 'critical' | 'warning', alertname: string, service: Service): Fault => ({
  title: `${alertname} where no instance is scraped`,
  lives: steady.map((life) => (life.service === service ? { ...life, until: begin } : life)),
  firing: [{ alertname, severity, namespace, service }],
});

/** The first instance of page-delivery starts again so many minutes after the beginning, and ends a minute before each start. */
const crashing = (title: string, starts: readonly number[]): Fault => ({
  title: `PagebridgeCrashLoops ${title}`,
  lives: steady.flatMap((life) => {
    if (life.service !== 'page-delivery' || life.pod !== 'a') return [life];
    const [first = 0, ...later] = starts.map((minutes) => begin + minutes);
    return [
      { ...life, until: Math.min(first, begin + 5) - 1 },
      ...[first, ...later].map((startedAt, index) => ({ ...life, startedAt, until: (later[index] ?? Infinity) - 1 })),
    ];
  }),
  firing: [
    {
      ...{ alertname: 'PagebridgeCrashLoops', severity: 'warning' },
      ...{ service: 'page-delivery', pod: 'a', instance: 'page-delivery-a' },
    },
  ],
});

const certificate = 'pagebridge_certificate_remaining_seconds{variable="KAFKA_TLS_CERT_FILE"}';
const outcomes = (outcome: string) => `pagebridge_page_outcomes_total{outcome="${outcome}"}`;
const lag = (topic: string) => `pagebridge_kafka_lag_seconds{topic="${topic}", partition="0"}`;
const waits = (dataCenter: string) => `pagebridge_page_oldest_waiting_seconds{data_center="${dataCenter}"}`;
const parked = (topic: string, reason: string) =>
  `pagebridge_kafka_records_parked_total{topic="${topic}", reason="${reason}"}`;

const refusedAlerts = (kind: string) => `pagebridge_intake_alerts_total{kind="${kind}", result="refused"}`;
const requests = (answer: string) => `pagebridge_intake_requests_total{kind="alertmanager", answer="${answer}"}`;

const ages = { 'where the history stays behind': 300, 'where no instance reads the topics': -1 };

/** What goes wrong with page-history, while pages are delivered. */
const historyFaults: readonly Fault[] = [
  ...Object.entries(ages).map(([title, age]) =>
    fault(
      'warning',
      'PagebridgeHistoryBehind',
      title,
      'page-history',
      { pagebridge_history_age_seconds: becomes(age, 2) },
      { namespace, service: 'page-history' },
    ),
  ),
  absent('warning', 'PagebridgeHistoryBehind', 'page-history'),
];

/** At least one fault for each alert. */
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
        [outcomes('undeliverable')]: (minute) => (minute < begin ? undefined : 1),
      },
    ),
    lives: steady.flatMap((life) =>
      life.service === 'page-delivery' && life.pod === 'a'
        ? [
            { ...life, until: begin },
            { ...life, pod: 'a-new', startedAt: begin },
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
  fault('warning', 'PagebridgePagesNotReadBack', 'where pages are not read back', 'page-delivery', {
    pagebridge_ack_poll_age_seconds: becomes(1000),
  }),
  fault(
    'critical',
    'PagebridgeAlertsParked',
    'where an alert cannot be read',
    'page-routing',
    { [parked('paging.org-alerts.v1.acme-us', 'not-json')]: appears },
    { topic: 'paging.org-alerts.v1.acme-us', reason: 'not-json' },
  ),
  fault(
    'critical',
    'PagebridgeAlertsRefused',
    'where an alert in a request cannot be read',
    'alert-intake',
    { [refusedAlerts('alertmanager')]: becomes(3, 2) },
    { kind: 'alertmanager' },
  ),
  fault(
    'critical',
    'PagebridgeAlertsRefused',
    'where one in the first request of a kind cannot',
    'alert-intake',
    { [refusedAlerts('grafana')]: appears },
    { kind: 'grafana' },
  ),
  fault(
    'warning',
    'PagebridgeSendersRefused',
    'where a token has expired',
    'alert-intake',
    { [requests('unauthorized')]: (minute) => 1 + Math.max(0, Math.floor((minute - begin) / 5)) },
    { kind: 'alertmanager', answer: 'unauthorized' },
  ),
  fault('warning', 'PagebridgeIntegrationEnds', 'where the last token of an integration ends soon', 'alert-intake', {
    pagebridge_integrations_ending: becomes(1),
  }),
  fault(
    'warning',
    'PagebridgeSendersTurnedAway',
    'where an integration sends too much',
    'alert-intake',
    { [requests('shed')]: becomes(9, 4) },
    { kind: 'alertmanager' },
  ),
  fault('critical', 'PagebridgeIntakeWaits', 'where Kafka does not confirm the alerts', 'alert-intake', {
    pagebridge_intake_hold_seconds_sum: (minute) => Math.max(0, minute - begin) * 30,
    pagebridge_intake_hold_seconds_count: (minute) => minute * 3,
  }),
  absent('critical', 'PagebridgeIntakeAbsent', 'alert-intake'),
  fault('critical', 'PagebridgeOrgTopicUnread', 'where the topic of an org is not read', 'page-routing', {
    pagebridge_org_topics_unread: becomes(1),
  }),
  fault('critical', 'PagebridgeRegistryStale', 'where a table is not read', 'page-routing', {
    pagebridge_registry_stale_seconds: becomes(90),
  }),
  ...Object.entries<ValueAt>({
    'where a backlog is flat': becomes(90, 1),
    'where a backlog grows': (minute) => Math.max(1, (minute - begin) * 20),
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
      'pagebridge_denied_requests_total{route="/", reason="no-token"}': (minute) => minute * (minute < begin ? 3 : 120),
    },
    { reason: 'no-token' },
  ),
  absent('critical', 'PagebridgeRoutingAbsent', 'page-routing'),
  absent('critical', 'PagebridgeDeliveryAbsent', 'page-delivery'),
  ...services.map((service) =>
    fault('critical', 'PagebridgeNotReady', `where an instance of ${service} is not ready`, service, {
      pagebridge_ready: becomes(0, 1),
    }),
  ),
  fault('warning', 'PagebridgeConsoleNotReady', 'where an instance of the gateway is not ready', 'console-gateway', {
    pagebridge_ready: becomes(0, 1),
  }),
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
  absent('warning', 'PagebridgeSyncAbsent', 'handle-sync'),
  absent('warning', 'PagebridgeManagementAbsent', 'connection-management'),
  ...historyFaults,
  crashing('where an instance ends every few minutes', [3, 7, 12, 18]),
  crashing('where an instance does not start again', [Number.POSITIVE_INFINITY]),
  fault(
    'warning',
    'PagebridgeDirectoryStale',
    'where a directory is not read',
    'handle-sync',
    {
      'pagebridge_directory_complete_timestamp_seconds{directory="datadoghq.eu/initech"}': becomes(
        begin * 60 - 3700,
        undefined,
      ),
    },
    { directory: 'datadoghq.eu/initech' },
  ),
  fault(
    'warning',
    'PagebridgeSyncCredentialRefused',
    'where keys are refused',
    'handle-sync',
    {
      'pagebridge_refused_connection{connection_id="0199f3a0"}': becomes(1, undefined),
    },
    { service: 'handle-sync', connection_id: '0199f3a0' },
  ),
  fault(
    'critical',
    'PagebridgeTableRecordsUnreadable',
    'where a connection cannot be read',
    'page-delivery',
    { 'pagebridge_unreadable_table_records_total{topic="paging.connections.v1"}': becomes(2) },
    { service: 'page-delivery', topic: 'paging.connections.v1' },
  ),
  fault(
    'warning',
    'PagebridgeCertificateExpires',
    'where a certificate was not renewed',
    'page-routing',
    { [certificate]: becomes(6 * 24 * 3600, 30 * 24 * 3600) },
    { service: 'page-routing', variable: 'KAFKA_TLS_CERT_FILE' },
  ),
  {
    title: 'PagebridgeNoAlerts where no alert arrives any more',
    lives: steady.filter(({ service, pod }) => service !== 'page-routing' || pod === 'a'),
    broken: ['page-routing', { 'pagebridge_alerts_total{result="paged"}': (minute) => Math.min(minute, begin) }],
    firing: [{ alertname: 'PagebridgeNoAlerts', severity: 'critical' }],
  },
];
