import type { Life } from './installation.ts';

/** Every process of an installation that Prometheus scrapes. */
export const scraped = [
  'connection-management',
  'handle-sync',
  'page-routing',
  'page-delivery',
  'alert-intake',
  'page-history',
  'console-gateway',
] as const;
export type Service = (typeof scraped)[number];

/** The value of a metric in a minute of a test, by the life of its process; undefined where the process does not expose it. */
export type ValueAt = (minute: number, life: Life) => number | undefined;
/** Values by metric, with its own labels as in `pagebridge_page_outcomes_total{outcome="delivered"}`. */
export type Metrics = Readonly<Record<string, ValueAt>>;

/** The time at which a table was last read to its end. */
export const tableRead = (fact: string): string => `pagebridge_table_read_timestamp_seconds{topic="paging.${fact}.v1"}`;
/** The build of an instance. */
export const build = (version: string): string => `pagebridge_build_info{version="${version}", revision="4fd2"}`;
/** The time since which the oldest page of a connection waits. */
export const waitingSince = (connection: string, step: 'create' | 'resolve'): string =>
  `pagebridge_waiting_since_timestamp_seconds{data_center="EU1", connection_id="${connection}", step="${step}"}`;

const always =
  (value: number): ValueAt =>
  () =>
    value;
/** A counter that rises with each minute, from 0. */
const rising =
  (each: number): ValueAt =>
  (minute, { startedAt }) =>
    (minute - startedAt) * each;
/** A counter of something that went wrong hours ago: a process that started since has it at 0. */
const longAgo =
  (value: number): ValueAt =>
  (_minute, { startedAt }) =>
    startedAt < 0 ? value : 0;
/** The same of a counter that does not exist before its first increment. */
const appearedLongAgo =
  (value: number): ValueAt =>
  (_minute, { startedAt }) =>
    startedAt < 0 ? value : undefined;
/** A time two seconds ago. */
export const justNow: ValueAt = (minute) => minute * 60 - 2;
/** 0 in the first two minutes of a process, which it takes to start. */
const onceStarted: ValueAt = (minute, { startedAt }) => (minute - startedAt < 2 ? 0 : 1);

/** What an instance of a service exposes while all is well, of what the rules ask for. */
export const healthy = (service: Service): Metrics => ({ ...ofEach, ...own[service] });

const ofEach: Metrics = {
  process_start_time_seconds: (_minute, { startedAt }) => startedAt * 60,
  pagebridge_ready: onceStarted,
  [build('0.1.0')]: always(1),
};

const ofKafkaClients: Metrics = {
  pagebridge_consumer_ready: onceStarted,
  [tableRead('access-tokens')]: justNow,
  'pagebridge_certificate_remaining_seconds{variable="KAFKA_TLS_CERT_FILE"}': always(30 * 24 * 3600),
  'pagebridge_table_unreadable_keys{topic="paging.connections.v1"}': always(0),
  'pagebridge_kafka_offset_resets_total{topic="paging.alerts.v1", kind="unread"}': appearedLongAgo(1),
};

const ofServicesWithPolicy: Metrics = {
  ...ofKafkaClients,
  'pagebridge_access_policy_changes_total{result="refused"}': longAgo(1),
  'pagebridge_denied_requests_total{route="/", reason="no-token"}': rising(3),
};

/** Partitions of a topic that an instance owns. */
export const owned = (topic: string): string => `pagebridge_kafka_owned_partitions{topic="${topic}"}`;

const consumerOf = (topic: string, group: Service): Metrics => ({
  // Two instances share twelve partitions.
  [owned(topic)]: always(6),
  [`pagebridge_kafka_topic_partitions{topic="${topic}"}`]: always(12),
  // Each instance joined when it started, and when another did.
  [`pagebridge_kafka_rebalances_total{group="${group}"}`]: (minute, { startedAt }) => Math.min(2, minute - startedAt),
  [`pagebridge_kafka_lag_seconds{topic="${topic}", partition="0"}`]: always(1),
  [`pagebridge_kafka_unread_partitions{topic="${topic}"}`]: always(0),
});

const own: Readonly<Record<Service, Metrics>> = {
  'console-gateway': {},
  'page-history': {
    ...ofServicesWithPolicy,
    // One instance reads.
    pagebridge_history_age_seconds: (_minute, { pod }) => (pod.startsWith('a') ? 2 : -1),
  },
  'connection-management': {
    ...ofServicesWithPolicy,
    ...consumerOf('paging.connection-reports.v1', 'connection-management'),
    pagebridge_outbox_oldest_age_seconds: always(1),
  },
  'handle-sync': {
    ...ofServicesWithPolicy,
    ...consumerOf('paging.sync-requests.v1', 'handle-sync'),
    pagebridge_credentials_of_unheld_keys: always(0),
    'pagebridge_directory_complete_timestamp_seconds{directory="datadoghq.eu/globex"}': (minute) => minute * 60 - 1200,
    pagebridge_refused_connections: always(0),
  },
  'page-routing': {
    ...ofServicesWithPolicy,
    ...consumerOf('paging.alerts.v1', 'page-routing'),
    'pagebridge_alerts_total{result="paged"}': rising(2),
    'pagebridge_kafka_records_parked_total{topic="paging.alerts.v1", reason="not-json"}': appearedLongAgo(4),
    pagebridge_org_topics_unread: always(0),
    [tableRead('handles')]: justNow,
    'pagebridge_unrouted_handles_total{reason="local"}': rising(1),
    'pagebridge_unrouted_handles_total{reason="unknown-handle"}': longAgo(7),
  },
  'page-delivery': {
    ...ofServicesWithPolicy,
    ...consumerOf('paging.page-commands.v1', 'page-delivery'),
    pagebridge_credentials_of_unheld_keys: always(0),
    'pagebridge_kafka_records_parked_total{topic="paging.page-commands.v1", reason="too-many-waiting"}':
      appearedLongAgo(9),
    'pagebridge_kafka_records_parked_total{topic="paging.page-commands.v1", reason="ledger-unreadable"}':
      appearedLongAgo(2),
    pagebridge_ack_poll_age_seconds: always(30),
    pagebridge_ledger_alerts_forgotten_total: longAgo(3),
    'pagebridge_page_outcomes_total{outcome="delivered"}': rising(5),
    'pagebridge_page_outcomes_total{outcome="undeliverable"}': longAgo(5),
    'pagebridge_page_outcomes_total{outcome="unresolved"}': longAgo(2),
  },
  'alert-intake': {
    pagebridge_integrations_ending: always(0),
    ...ofKafkaClients,
    'pagebridge_intake_alerts_total{kind="alertmanager", result="refused"}': longAgo(2),
    'pagebridge_intake_requests_total{kind="alertmanager", answer="taken"}': rising(3),
    'pagebridge_intake_requests_total{kind="alertmanager", answer="shed"}': longAgo(4),
    'pagebridge_intake_requests_total{kind="alertmanager", answer="unauthorized"}': longAgo(1),
    'pagebridge_intake_requests_total{kind="alertmanager", answer="held-too-long"}': always(0),
    'pagebridge_intake_requests_total{kind="alertmanager", answer="failed"}': always(0),
    pagebridge_intake_hold_seconds_sum: rising(0.03),
    pagebridge_intake_hold_seconds_count: rising(3),
  },
};
