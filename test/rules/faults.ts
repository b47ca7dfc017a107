import { build, justNow, type Metrics, owned, type Service, tableRead, type ValueAt, waitingSince } from './healthy.ts';
import { type Life, steady } from './installation.ts';
import type { Firing, RuleCase } from './promtool.ts';

/** The minutes in which a fault begins and ends. */
export const begin = 10;
export const end = 30;

type Severity = 'critical' | 'warning';
/** The minute in which an alert fires, and the one in which it has ended. */
type Minutes = readonly [from: number, until: number];

/** A gauge that has another value during the fault. */
const becomes =
  (value: number, before: number | undefined = 0): ValueAt =>
  (minute) =>
    minute < begin || minute >= end ? before : value;
/** A time that goes on, and stands still during the fault. */
const stuck: ValueAt = (minute, life) => (minute < begin || minute >= end ? justNow(minute, life) : begin * 60);
/** A counter that is incremented once as the fault begins. */
const counts =
  (before: number | undefined): ValueAt =>
  (minute) =>
    minute < begin ? before : (before ?? 0) + 1;
/** A counter that is incremented every so many minutes while the fault lasts. */
const keepsCounting =
  (every: number): ValueAt =>
  (minute) =>
    Math.floor((Math.min(Math.max(minute, begin - 1), end - 1) - begin + 1 + every - 1) / every);

const firing = (
  severity: Severity,
  alertname: string,
  [from, until]: Minutes,
  labels: Readonly<Record<string, string>>,
): Firing => ({ labels: { alertname, severity, ...labels }, from, until });

const fault = (
  severity: Severity,
  alertname: string,
  title: string,
  minutes: Minutes,
  service: Service,
  metrics: Metrics,
  labels: Readonly<Record<string, string>> = { service },
): RuleCase => ({
  title: `${alertname} ${title}`,
  lives: steady,
  broken: [service, metrics],
  firing: [firing(severity, alertname, minutes, labels)],
});

/** The lives with a new first instance of a service, which starts as the fault begins. */
const replaced = (service: Service): readonly Life[] =>
  steady.flatMap((life) =>
    life.service === service && life.pod === 'a'
      ? [
          { ...life, until: begin },
          { ...life, pod: 'a-new', startedAt: begin },
        ]
      : [life],
  );

/** The lives without those of a service, until new instances start. */
const without = (service: Service): readonly Life[] =>
  steady.flatMap((life) =>
    life.service === service
      ? [
          { ...life, until: begin },
          { ...life, pod: `${life.pod}-new`, startedAt: end },
        ]
      : [life],
  );

const absent = (severity: Severity, alertname: string, minutes: Minutes, service: Service): RuleCase => ({
  title: `${alertname} where no instance is scraped`,
  lives: without(service),
  firing: [firing(severity, alertname, minutes, { service })],
});

/** The first instance of page-delivery starts again so many minutes after the beginning, and ends a minute before each start. */
const crashing = (title: string, minutes: Minutes, starts: readonly number[]): RuleCase => ({
  title: `PagebridgeCrashLoops ${title}`,
  lives: steady.flatMap((life) => {
    if (life.service !== 'page-delivery') return [life];
    // Another instance owns its partitions meanwhile.
    if (life.pod === 'b') return [life, { ...life, pod: 'c' }];
    const [first = 0, ...later] = starts.map((minutes) => begin + minutes);
    return [
      { ...life, until: Math.min(first, begin + 5) - 1 },
      ...[first, ...later].map((startedAt, index) => ({ ...life, startedAt, until: (later[index] ?? Infinity) - 1 })),
    ];
  }),
  firing: [
    firing('warning', 'PagebridgeCrashLoops', minutes, {
      ...{ service: 'page-delivery', pod: 'a', instance: 'page-delivery-a' },
    }),
  ],
});

const certificate = 'pagebridge_certificate_remaining_seconds{variable="KAFKA_TLS_CERT_FILE"}';
const outcomes = (outcome: string) => `pagebridge_page_outcomes_total{outcome="${outcome}"}`;
const lag = (topic: string) => `pagebridge_kafka_lag_seconds{topic="${topic}", partition="0"}`;
const parked = (topic: string, reason: string) =>
  `pagebridge_kafka_records_parked_total{topic="${topic}", reason="${reason}"}`;
const refusedAlerts = (kind: string) => `pagebridge_intake_alerts_total{kind="${kind}", result="refused"}`;
const requests = (answer: string) => `pagebridge_intake_requests_total{kind="alertmanager", answer="${answer}"}`;
const completeAt = (directory: string) =>
  `pagebridge_directory_complete_timestamp_seconds{directory="datadoghq.eu/${directory}"}`;
const refused = (id: string) => `pagebridge_refused_connection{connection_id="${id}"}`;

/** A gauge that is exported only while something is wrong. */
const exported =
  (value: number): ValueAt =>
  (minute) =>
    minute < begin || minute >= end ? undefined : value;

const ofRouting = { service: 'page-routing', topic: 'paging.alerts.v1' } as const;

const late = exported(begin * 60 - 301);
const over = (connection_id: string) => ({ data_center: 'EU1', connection_id });

/** Pages that a destination does not accept. */
const waits: readonly RuleCase[] = [
  {
    title: 'PagebridgePageWaits where a page waits, while one over another connection does',
    lives: steady,
    broken: [
      'page-delivery',
      { [waitingSince('first', 'create')]: () => -900, [waitingSince('second', 'create')]: late },
    ],
    firing: [
      firing('critical', 'PagebridgePageWaits', [1, Number.POSITIVE_INFINITY], over('first')),
      firing('critical', 'PagebridgePageWaits', [11, 35], over('second')),
    ],
  },
  {
    ...fault(
      'critical',
      'PagebridgePageWaits',
      'where scrapes fail meanwhile',
      [11, 35],
      'page-delivery',
      { [waitingSince('second', 'create')]: late },
      over('second'),
    ),
    gap: { from: 15, until: 18, scrapes: 'failed' },
  },
  fault(
    'critical',
    'PagebridgePageWaits',
    'where the page moves from one instance to the other',
    [11, 35],
    'page-delivery',
    { [waitingSince('second', 'create')]: (minute, life) => (minute % 4 === 0 ? undefined : late(minute, life)) },
    over('second'),
  ),
  fault(
    'warning',
    'PagebridgeResolveWaits',
    'where a recovery waits',
    [11, 35],
    'page-delivery',
    { [waitingSince('second', 'resolve')]: late },
    over('second'),
  ),
];

const backlogs: readonly RuleCase[] = [
  fault(
    'warning',
    'PagebridgeDoesNotKeepUp',
    'where a backlog is flat',
    [15, 32],
    'page-routing',
    { [lag('paging.alerts.v1')]: becomes(90, 1) },
    ofRouting,
  ),
  fault(
    'warning',
    'PagebridgeDoesNotKeepUp',
    'where all alerts are 45 s late',
    [45, 60],
    'page-routing',
    { [lag('paging.alerts.v1')]: (minute) => (minute < begin || minute >= 60 ? 1 : 45) },
    ofRouting,
  ),
  {
    title: 'PagebridgePathLags where a backlog grows for hours',
    lives: steady,
    broken: [
      'page-routing',
      { [lag('paging.alerts.v1')]: (minute) => Math.max(1, minute < end ? (minute - begin) * 60 : 0) },
    ],
    firing: [
      firing('warning', 'PagebridgeDoesNotKeepUp', [17, 32], ofRouting),
      firing('critical', 'PagebridgePathLags', [18, 37], ofRouting),
    ],
  },
  fault(
    'warning',
    'PagebridgeDoesNotKeepUp',
    'where only handles are ten minutes late',
    [15, 32],
    'handle-sync',
    { [lag('paging.sync-requests.v1')]: becomes(600, 1) },
    { service: 'handle-sync', topic: 'paging.sync-requests.v1' },
  ),
];

/** Who is woken depends on what needs the table. */
const staleTables: readonly RuleCase[] = [
  ['critical', 'page-routing', 'handles'] as const,
  ['warning', 'page-routing', 'access-tokens'] as const,
  ['warning', 'page-routing', 'directories'] as const,
  ['critical', 'alert-intake', 'access-tokens'] as const,
  ['warning', 'handle-sync', 'access-tokens'] as const,
].map(([severity, service, fact]) =>
  fault(
    severity,
    'PagebridgeTableStale',
    `where ${service} cannot read ${fact}`,
    [13, 30],
    service,
    { [tableRead(fact)]: stuck },
    { service, topic: `paging.${fact}.v1` },
  ),
);

const groups: readonly RuleCase[] = [
  fault(
    'critical',
    'PagebridgePartitionsUnowned',
    'where nobody reads a partition of alerts',
    [13, 30],
    'page-routing',
    { [owned('paging.alerts.v1')]: becomes(5, 6) },
    ofRouting,
  ),
  fault(
    'warning',
    'PagebridgePartitionsUnowned',
    'where nobody reads a partition of sync requests',
    [13, 30],
    'handle-sync',
    { [owned('paging.sync-requests.v1')]: becomes(5, 6) },
    { service: 'handle-sync', topic: 'paging.sync-requests.v1' },
  ),
  {
    title: 'PagebridgeRebalances where an instance is half of each minute outside of its group',
    lives: steady.filter(({ service, pod }) => service !== 'page-delivery' || pod === 'a'),
    broken: [
      'page-delivery',
      {
        [owned('paging.page-commands.v1')]: (minute) => (minute >= begin && minute < end && minute % 2 === 0 ? 0 : 12),
        pagebridge_consumer_ready: (minute) => (minute >= begin && minute < end ? minute % 2 : 1),
        pagebridge_ready: (minute) => (minute >= begin && minute < end ? minute % 2 : 1),
        'pagebridge_kafka_rebalances_total{group="page-delivery"}': (minute) =>
          2 + Math.max(0, Math.min(minute, end) - begin),
      },
    ],
    firing: [
      firing('warning', 'PagebridgeRebalances', [24, 32], {
        service: 'page-delivery',
        group: 'page-delivery',
      }),
    ],
  },
];

/** Of alert-intake. */
const intakeFaults: readonly RuleCase[] = [
  fault(
    'critical',
    'PagebridgeAlertsRefused',
    'where an alert in a request cannot be read',
    [10, 20],
    'alert-intake',
    { [refusedAlerts('alertmanager')]: counts(2) },
    { kind: 'alertmanager' },
  ),
  {
    ...fault(
      'critical',
      'PagebridgeAlertsRefused',
      'where an instance cannot read one as it starts',
      [10, 20],
      'alert-intake',
      { [refusedAlerts('alertmanager')]: counts(undefined) },
      { kind: 'alertmanager' },
    ),
    lives: replaced('alert-intake'),
  },
  fault(
    'warning',
    'PagebridgeSendersRefused',
    'where a token has expired',
    [25, 40],
    'alert-intake',
    { [requests('unauthorized')]: keepsCounting(5) },
    { kind: 'alertmanager', answer: 'unauthorized' },
  ),
  fault(
    'warning',
    'PagebridgeIntegrationEnds',
    'where the last token of an integration ends soon',
    [20, 30],
    'alert-intake',
    {
      pagebridge_integrations_ending: becomes(1),
    },
  ),
  fault(
    'warning',
    'PagebridgeSendersTurnedAway',
    'where an integration sends too much',
    [10, 20],
    'alert-intake',
    { [requests('shed')]: counts(4) },
    { kind: 'alertmanager' },
  ),
  fault(
    'critical',
    'PagebridgeIntakeFails',
    'where one partition of twelve takes no alerts',
    [15, 34],
    'alert-intake',
    {
      [requests('held-too-long')]: keepsCounting(1),
      [requests('failed')]: keepsCounting(1),
      pagebridge_intake_hold_seconds_sum: (minute) => minute * 10.11,
      pagebridge_intake_hold_seconds_count: (minute) => minute * 12,
    },
  ),
  fault('critical', 'PagebridgeIntakeFails', 'where a request fails every three minutes', [15, 33], 'alert-intake', {
    [requests('failed')]: keepsCounting(3),
  }),
  fault('critical', 'PagebridgeIntakeWaits', 'where Kafka does not confirm the alerts', [14, 34], 'alert-intake', {
    pagebridge_intake_hold_seconds_sum: (minute) => Math.max(0, Math.min(minute, end) - begin) * 30,
    pagebridge_intake_hold_seconds_count: (minute) => minute * 3,
  }),
  absent('critical', 'PagebridgeIntakeAbsent', [15, 30], 'alert-intake'),
];

/** Of page-history, while pages are delivered. */
const historyFaults: readonly RuleCase[] = [
  ...Object.entries({ 'where the history stays behind': 300, 'where no instance reads the topics': -1 }).map(
    ([title, age]) =>
      fault('warning', 'PagebridgeHistoryBehind', title, [20, 30], 'page-history', {
        pagebridge_history_age_seconds: becomes(age, 2),
      }),
  ),
  absent('warning', 'PagebridgeHistoryBehind', [20, 30], 'page-history'),
];

/** Not ready for 20 minutes: who is woken depends on the service. */
const unready: readonly RuleCase[] = [
  ...Object.entries<Severity>({
    'page-routing': 'critical',
    'page-delivery': 'critical',
    'alert-intake': 'critical',
    'connection-management': 'warning',
    'handle-sync': 'warning',
  }).map(([service, severity]) =>
    fault(
      severity,
      'PagebridgeNotReady',
      `where an instance of ${service} is not ready`,
      [15, 35],
      service as Service,
      { pagebridge_ready: becomes(0, 1) },
      { service, pod: 'a' },
    ),
  ),
  fault(
    'critical',
    'PagebridgeNotReady',
    'where an instance reads no records',
    [15, 35],
    'page-delivery',
    { pagebridge_consumer_ready: becomes(0, 1) },
    { service: 'page-delivery', pod: 'a' },
  ),
  fault(
    'warning',
    'PagebridgeConsoleNotReady',
    'where an instance of the gateway is not ready',
    [15, 30],
    'console-gateway',
    {
      pagebridge_ready: becomes(0, 1),
    },
  ),
];

/** One tenant does nothing about its fault; then that of another begins. */
const ofTwoTenants: readonly RuleCase[] = [
  ...Object.entries<readonly [Service, number]>({
    PagebridgeCredentialRefused: ['page-delivery', 5],
    PagebridgeSyncCredentialRefused: ['handle-sync', 10],
  }).map(
    ([alertname, [service, after]]): RuleCase => ({
      title: `${alertname} where the keys of a second tenant are refused`,
      lives: steady,
      broken: [service, { [refused('first')]: () => 1, [refused('second')]: exported(1) }],
      firing: [
        firing('warning', alertname, [after, Number.POSITIVE_INFINITY], { service, connection_id: 'first' }),
        firing('warning', alertname, [begin + after, end + 5], { service, connection_id: 'second' }),
      ],
    }),
  ),
  {
    title: 'PagebridgeDirectoryStale where the directory of a second tenant is not read',
    lives: steady,
    broken: [
      'handle-sync',
      { [completeAt('initech')]: () => -7200, [completeAt('hooli')]: exported(begin * 60 - 3601) },
    ],
    firing: [
      firing('warning', 'PagebridgeDirectoryStale', [10, Number.POSITIVE_INFINITY], {
        directory: 'datadoghq.eu/initech',
      }),
      firing('warning', 'PagebridgeDirectoryStale', [20, 35], { directory: 'datadoghq.eu/hooli' }),
    ],
  },
];

/** At least one fault for each alert. */
export const faults: readonly RuleCase[] = [
  fault('critical', 'PagebridgePagesUndeliverable', 'where a page is given up', [10, 20], 'page-delivery', {
    [outcomes('undeliverable')]: counts(5),
  }),
  {
    ...fault(
      'critical',
      'PagebridgePagesUndeliverable',
      'where an instance gives up a page as it starts',
      [10, 20],
      'page-delivery',
      { [outcomes('undeliverable')]: counts(undefined) },
    ),
    lives: replaced('page-delivery'),
  },
  fault('warning', 'PagebridgePagesUnresolved', 'where a page stays open', [10, 20], 'page-delivery', {
    [outcomes('unresolved')]: counts(2),
  }),
  ...waits,
  fault('warning', 'PagebridgePagesNotReadBack', 'where pages are not read back', [15, 30], 'page-delivery', {
    pagebridge_ack_poll_age_seconds: becomes(1000),
  }),
  fault(
    'critical',
    'PagebridgeAlertsParked',
    'where an alert cannot be read',
    [10, 20],
    'page-routing',
    { [parked('paging.org-alerts.v1.acme-us', 'not-json')]: counts(undefined) },
    { topic: 'paging.org-alerts.v1.acme-us', reason: 'not-json' },
  ),
  ...intakeFaults,
  fault('critical', 'PagebridgeOrgTopicUnread', 'where the topic of an org is not read', [15, 30], 'page-routing', {
    pagebridge_org_topics_unread: becomes(1),
  }),
  ...backlogs,
  ...staleTables,
  ...groups,
  fault(
    'critical',
    'PagebridgeKafkaCannotServe',
    'where a partition has no leader',
    [12, 30],
    'page-delivery',
    { 'pagebridge_kafka_unread_partitions{topic="paging.page-commands.v1"}': becomes(1) },
    { service: 'page-delivery', topic: 'paging.page-commands.v1' },
  ),
  fault('critical', 'PagebridgeSealingKeyMissing', 'where a key is not held', [12, 30], 'handle-sync', {
    pagebridge_credentials_of_unheld_keys: becomes(2),
  }),
  fault(
    'warning',
    'PagebridgeHandlesUnrouted',
    'where a handle pages nobody',
    [10, 40],
    'page-routing',
    { 'pagebridge_unrouted_handles_total{reason="unknown-handle"}': counts(7) },
    { reason: 'unknown-handle' },
  ),
  fault(
    'critical',
    'PagebridgeRecordsUnread',
    'where records were deleted before they were read',
    [10, 20],
    'page-routing',
    { 'pagebridge_kafka_offset_resets_total{topic="paging.alerts.v1", kind="unread"}': counts(1) },
    ofRouting,
  ),
  fault('warning', 'PagebridgeAccessPolicyRefused', 'where a policy is refused', [10, 20], 'handle-sync', {
    'pagebridge_access_policy_changes_total{result="refused"}': counts(1),
  }),
  fault('warning', 'PagebridgeChangesStay', 'where the outbox does not empty', [12, 30], 'connection-management', {
    pagebridge_outbox_oldest_age_seconds: becomes(120),
  }),
  fault(
    'warning',
    'PagebridgeManyDenied',
    'where two requests a second are denied',
    [23, 38],
    'connection-management',
    {
      'pagebridge_denied_requests_total{route="/", reason="no-token"}': (minute) =>
        minute * 3 + Math.max(0, Math.min(minute, end) - begin) * 117,
    },
    { reason: 'no-token' },
  ),
  absent('critical', 'PagebridgeRoutingAbsent', [15, 30], 'page-routing'),
  absent('critical', 'PagebridgeDeliveryAbsent', [15, 30], 'page-delivery'),
  {
    ...absent('critical', 'PagebridgeRoutingAbsent', [15, 30], 'page-routing'),
    title: 'PagebridgeRoutingAbsent where the same Prometheus scrapes it in another namespace',
    lives: [
      ...without('page-routing'),
      ...steady
        .filter(({ service }) => service !== 'connection-management')
        .map((life) => ({ ...life, namespace: 'staging' })),
    ],
  },
  ...unready,
  fault(
    'critical',
    'PagebridgeTooManyPagesWait',
    'where the pages of an org are turned away',
    [10, 20],
    'page-delivery',
    { [parked('paging.page-commands.v1', 'too-many-waiting')]: counts(9) },
    { reason: 'too-many-waiting' },
  ),
  fault(
    'critical',
    'PagebridgeLedgerUnreadable',
    'where the ledger has what cannot be read',
    [10, 20],
    'page-delivery',
    { [parked('paging.page-commands.v1', 'ledger-unreadable')]: counts(2) },
    { reason: 'ledger-unreadable' },
  ),
  fault('warning', 'PagebridgeAlertsForgotten', 'where alerts are forgotten', [10, 20], 'page-delivery', {
    pagebridge_ledger_alerts_forgotten_total: counts(3),
  }),
  absent('warning', 'PagebridgeSyncAbsent', [15, 30], 'handle-sync'),
  absent('warning', 'PagebridgeManagementAbsent', [15, 30], 'connection-management'),
  ...historyFaults,
  crashing('where an instance ends every few minutes', [27, 76], [3, 7, 12, 18]),
  crashing('where an instance does not start again', [27, Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY]),
  ...ofTwoTenants,
  fault(
    'critical',
    'PagebridgeTableRecordsUnreadable',
    'where a connection cannot be read',
    [10, 30],
    'page-delivery',
    { 'pagebridge_table_unreadable_keys{topic="paging.connections.v1"}': becomes(2) },
    { service: 'page-delivery', topic: 'paging.connections.v1' },
  ),
  fault(
    'warning',
    'PagebridgeTableRecordsUnreadable',
    'where it is a service that pages do without',
    [10, 30],
    'page-history',
    { 'pagebridge_table_unreadable_keys{topic="paging.connections.v1"}': becomes(2) },
    { service: 'page-history', topic: 'paging.connections.v1' },
  ),
  {
    ...fault(
      'critical',
      'PagebridgePagesUndeliverable',
      'where the container starts again after a page was given up',
      [10, 20],
      'page-delivery',
      { [outcomes('undeliverable')]: (minute, { startedAt }) => (startedAt >= begin || minute < begin ? 0 : 1) },
    ),
    lives: steady.flatMap((life) =>
      life.service === 'page-delivery' && life.pod === 'a'
        ? [
            { ...life, until: begin + 3 },
            { ...life, startedAt: begin + 4 },
          ]
        : [life],
    ),
  },
  fault(
    'warning',
    'PagebridgeCertificateExpires',
    'where a certificate was not renewed',
    [10, 30],
    'page-routing',
    { [certificate]: becomes(6 * 24 * 3600, 30 * 24 * 3600) },
    { service: 'page-routing', variable: 'KAFKA_TLS_CERT_FILE' },
  ),
  fault(
    'warning',
    'PagebridgeMixedVersions',
    'where one instance stays behind',
    [70, 75],
    'page-delivery',
    {
      [build('0.1.0')]: (minute) => (minute < begin || minute >= 75 ? 1 : undefined),
      [build('0.0.9')]: (minute) => (minute < begin || minute >= 75 ? undefined : 1),
    },
    {},
  ),
  {
    title: 'PagebridgeNoAlerts where no alert arrives any more',
    lives: steady.filter(({ service, pod }) => service !== 'page-routing' || pod === 'a'),
    broken: [
      'page-routing',
      {
        'pagebridge_alerts_total{result="paged"}': (minute) => Math.min(minute, begin) + Math.max(0, minute - 50),
        [owned('paging.alerts.v1')]: () => 12,
      },
    ],
    firing: [firing('critical', 'PagebridgeNoAlerts', [35, 51], {})],
  },
];

/** What goes wrong for a moment, and wakes nobody. */
export const hiccups: readonly (Pick<RuleCase, 'title'> & Partial<RuleCase>)[] = [
  {
    title: 'pages wait for four minutes each',
    broken: ['page-delivery', { [waitingSince('first', 'create')]: (minute) => minute * 60 - 240 }],
  },
  {
    title: 'scrapes of one instance fail for four minutes',
    lives: steady.flatMap((life) =>
      life.service === 'page-delivery' && life.pod === 'a'
        ? [
            { ...life, until: begin },
            { ...life, startedAt: begin + 4 },
          ]
        : [life],
    ),
  },
  { title: 'a request fails once', broken: ['alert-intake', { [requests('failed')]: counts(0) }] },
  {
    title: 'an instance joins its group late',
    broken: [
      'page-delivery',
      { pagebridge_consumer_ready: (minute) => (minute >= begin && minute < begin + 4 ? 0 : 1) },
    ],
  },
];
