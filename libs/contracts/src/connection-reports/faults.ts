import type { Connection } from '../connections/card.ts';
import type { ConnectionReport } from './card.ts';

/** Why a credential does not work, as one service found; each service has at most one fault. */
export interface Fault {
  readonly reportedBy: ConnectionReport['reportedBy'] | 'connection-management';
  readonly missingPermission?: string;
  /** The keys are sealed for a key that the service does not hold. */
  readonly unopenable?: true;
  readonly detail: string;
  readonly since: Date;
}

/** What reports and checks say of the credential of a connection. */
export interface Reported {
  readonly faults: readonly Fault[];
  /** The time of the last report of each kind and reporter, and of the last passed check. */
  readonly seen: Readonly<Record<string, Date>>;
}

/** A report about a sync or a credential. */
export type HealthReport = Exclude<ConnectionReport, { kind: 'drained' | 'pages-unreadable' | 'pages-readable' }>;

/** Returns whether a report is about a sync or a credential; what cannot be read back explains no page. */
export const isAboutHealth = (report: ConnectionReport): report is HealthReport =>
  report.kind !== 'drained' && report.kind !== 'pages-unreadable' && report.kind !== 'pages-readable';

export const unreported: Reported = { faults: [], seen: {} };

/** A report that is behind an earlier one by less than this is late and ignored. If it is further behind, its clock is wrong. */
const lateByMs = 10_000;
/** The same limit between a report and a check: Kafka delays a report more than a check is delayed. */
const underWayMs = 5 * 60_000;
const checkedSlot = 'check:connection-management';

/** Returns what is known after the destination accepted the credential: earlier faults are gone, and late reports do not restore them. */
export const afterCheck = ({ seen }: Reported, at: Date): Reported => ({
  faults: [],
  seen: { ...seen, [checkedSlot]: at },
});

/**
 * Returns what is known after a report about the present credential; undefined if the report is out of date.
 *
 * Syncs and credential findings are ordered separately, for each reporter. The clocks of reporters are not trusted: a future
 * time counts as `now`. A time far behind the last one does not show the order, so the order of the topic counts.
 */
export function afterReport({ faults, seen }: Reported, report: HealthReport, now: Date): Reported | undefined {
  const kind = report.kind === 'synced' || report.kind === 'sync-failed' ? 'sync' : 'credential';
  const slot = `${kind}:${report.reportedBy}`;
  const at = timeOfReport(report, now);
  const isAnswered = report.kind === 'credential-fault' && isBefore(at, seen[checkedSlot], underWayMs);
  if (isAnswered || isBefore(at, seen[slot], lateByMs)) return undefined;
  return { faults: faultsAfter(faults, report, at), seen: { ...seen, [slot]: at } };
}

/** Returns the time of a report; a future time counts as `now`. */
export const timeOfReport = ({ at }: HealthReport, now: Date): Date =>
  new Date(Math.min(Date.parse(at), now.getTime()));

const isBefore = (at: Date, other: Date | undefined, byLessThanMs: number): boolean =>
  other !== undefined && at < other && other.getTime() - at.getTime() < byLessThanMs;

// A report clears only the faults of its own service: the permission to list teams does not prove the permission to page. A
// fault that a check found is cleared by a report of either service, since that service used the credential after the check.
function faultsAfter(faults: readonly Fault[], report: HealthReport, at: Date): readonly Fault[] {
  const { reportedBy } = report;
  switch (report.kind) {
    case 'credential-fault': {
      const { missingPermission, unopenable, detail } = report;
      const since = faults.find((fault) => fault.reportedBy === reportedBy)?.since ?? at;
      const found = { ...(missingPermission ? { missingPermission } : {}), ...(unopenable ? { unopenable } : {}) };
      return [...faults.filter((other) => other.reportedBy !== reportedBy), { reportedBy, ...found, detail, since }];
    }
    case 'synced':
    case 'repaired':
      return faults.filter((fault) =>
        fault.reportedBy === 'connection-management'
          ? isBefore(at, fault.since, underWayMs)
          : fault.reportedBy !== reportedBy,
      );
    case 'sync-failed':
      return faults;
  }
}

/** A report, and when Kafka received it in milliseconds since 1970. */
export interface ReceivedReport {
  readonly report: ConnectionReport;
  readonly receivedAt: number;
}

/** Returns the faults of the present credential of a connection, from the reports about it in the order of the topic. */
export function faultsOf(
  reports: readonly ReceivedReport[],
  credential: Pick<Connection['credential'], 'revision' | 'checkedAt'> | undefined,
  now: Date,
): readonly Fault[] {
  const { revision = 0, checkedAt } = credential ?? {};
  const checked = checkedAt === undefined ? undefined : new Date(checkedAt);
  let reported = checked ? afterCheck(unreported, checked) : unreported;
  for (const { report, receivedAt } of reports) {
    if (!isAboutHealth(report) || report.credentialRevision < revision) continue;
    if (checked && receivedAt < checked.getTime()) continue;
    reported = afterReport(reported, report, now) ?? reported;
  }
  return reported.faults;
}
