import type { ConnectionReport } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';
import { drained, progressOf } from './deletion.ts';
import { checkedSlot, type Health } from './health.ts';

export type ReportEffect =
  | { readonly kind: 'changed'; readonly connection: Connection }
  /** No page is open over the connection any more, which its deletion waits for. */
  | { readonly kind: 'gone'; readonly connection: Connection }
  | { readonly kind: 'ignored'; readonly reason: 'older-credential' | 'out-of-date' | 'no-change' };

/** A report that is behind an earlier one by less than this is late and ignored. If it is further behind, its clock is wrong. */
const lateByMs = 10_000;
/** The same bound between a report and a check by this service: Kafka delays a report more than a check is delayed. */
const underWayMs = 5 * 60_000;

/** The number of answered requests kept: a caller who waits for an answer polls several times a second. */
const maxAnswered = 20;

/**
 * Returns the effect of a report on a connection. Reading a report twice, or shortly after a newer one, changes nothing.
 *
 * Syncs and credential findings are ordered separately, for each reporter. The clocks of reporters are not trusted: a future
 * time counts as now. A time far behind the last one does not show the order, so the order of the topic counts.
 */
export function applyReport(connection: Connection, report: ConnectionReport, now: Date): ReportEffect {
  if (report.kind === 'drained') return applyDrained(connection, report);
  if (report.credentialRevision < connection.credential.revision)
    return { kind: 'ignored', reason: 'older-credential' };
  const kind = report.kind === 'synced' || report.kind === 'sync-failed' ? 'sync' : 'credential';
  const slot = `${kind}:${report.reportedBy}`;
  const at = new Date(Math.min(Date.parse(report.at), now.getTime()));
  const { [slot]: last, [checkedSlot]: checkedAt } = connection.health.seen;
  const isAnswered = report.kind === 'credential-fault' && isBefore(at, checkedAt, underWayMs);
  if (isAnswered || isBefore(at, last, lateByMs)) return { kind: 'ignored', reason: 'out-of-date' };
  const reported = healthAfter(connection.health, report, at);
  const health = { ...reported, ...answeredBy(reported, report), seen: { ...reported.seen, [slot]: at } };
  if (JSON.stringify(health) === JSON.stringify(connection.health)) return { kind: 'ignored', reason: 'no-change' };
  const formerCredential = isProof(report, health) ? undefined : connection.formerCredential;
  const stateRevision = connection.stateRevision + 1;
  return { kind: 'changed', connection: { ...connection, formerCredential, health, stateRevision } };
}

const answeredBy = ({ answered = [] }: Health, { answers }: ConnectionReport): Pick<Health, 'answered'> =>
  answers === undefined ? {} : { answered: [...new Set([...answered, ...answers])].slice(-maxAnswered) };

const isBefore = (at: Date, other: Date | undefined, byLessThanMs: number): boolean =>
  other !== undefined && at < other && other.getTime() - at.getTime() < byLessThanMs;

// A service that cannot use the new pair has reported a fault. While there is one, success of another service is no proof.
const isProof = ({ kind }: ConnectionReport, { faults }: Health): boolean =>
  (kind === 'synced' || kind === 'repaired') && faults.length === 0;

// The credential revision does not matter: a page resolved with any credential is not open any more.
function applyDrained(connection: Connection, report: Extract<ConnectionReport, { kind: 'drained' }>): ReportEffect {
  const after = drained(connection, report);
  if (after === connection || !after.deletion) return { kind: 'ignored', reason: 'no-change' };
  return { kind: progressOf(after.deletion).partitionsLeft === 0 ? 'gone' : 'changed', connection: after };
}

type HealthReport = Exclude<ConnectionReport, { kind: 'drained' }>;

function healthAfter(health: Health, report: HealthReport, at: Date): Health {
  switch (report.kind) {
    case 'synced': {
      const { teams, added, removed, durationMs } = report;
      const { lastSyncFailure: _overcome, ...rest } = health;
      return withoutFault({ ...rest, lastSync: { at, teams, added, removed, durationMs } }, report, at);
    }
    case 'sync-failed':
      return { ...health, lastSyncFailure: { at, detail: report.detail, unread: report.unread ?? 0 } };
    case 'credential-fault':
      return withFault(health, report, at);
    case 'repaired':
      return withoutFault(health, report, at);
  }
}

function withFault(health: Health, report: Extract<ConnectionReport, { kind: 'credential-fault' }>, at: Date): Health {
  const { reportedBy, missingPermission, unopenable, detail } = report;
  const before = health.faults.find((fault) => fault.reportedBy === reportedBy);
  const fault = {
    reportedBy,
    ...(missingPermission ? { missingPermission } : {}),
    ...(unopenable ? ({ unopenable } as const) : {}),
    detail,
    since: before?.since ?? at,
  };
  return { ...health, faults: [...health.faults.filter((other) => other.reportedBy !== reportedBy), fault] };
}

// A report clears only the faults of its own service: the right to list teams does not prove the right to page. A fault that a
// check here found is cleared by a report of either service, since that service used the credential after the check.
const withoutFault = (health: Health, { reportedBy }: ConnectionReport, at: Date): Health => ({
  ...health,
  faults: health.faults.filter((fault) => {
    if (fault.reportedBy === 'connection-management') return isBefore(at, fault.since, underWayMs);
    return fault.reportedBy !== reportedBy;
  }),
});
