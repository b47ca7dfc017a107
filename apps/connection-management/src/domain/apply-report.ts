import type { ConnectionReport } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';
import { drained, progressOf } from './deletion.ts';
import { checkedSlot, type Health } from './health.ts';

export type ReportEffect =
  | { readonly kind: 'changed'; readonly connection: Connection }
  /** Nothing is open over it any more, as its deletion waits for. */
  | { readonly kind: 'gone'; readonly connection: Connection }
  | { readonly kind: 'ignored'; readonly reason: 'older-credential' | 'out-of-date' | 'no-change' };

/** So much may a report be behind one that was read before it, and be taken for a late one; else its clock is behind. */
const lateByMs = 10_000;
/** The same between a report and a check made here: a report takes longer through Kafka than a check through this process. */
const underWayMs = 5 * 60_000;

/** Whoever waits for an answer looks several times a second. */
const mostAnswered = 20;

/**
 * What a report makes of a connection: reading it twice, or shortly after a newer one, changes nothing.
 *
 * Syncs and credential findings are ordered apart, and apart for each reporter. Their clocks are not trusted: a time
 * to come counts as now, and one far behind the last says nothing of the order, which then is that of the topic.
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
  const told = tell(connection.health, report, at);
  const health = { ...told, ...answeredBy(told, report), seen: { ...told.seen, [slot]: at } };
  if (JSON.stringify(health) === JSON.stringify(connection.health)) return { kind: 'ignored', reason: 'no-change' };
  const formerCredential = isProof(report, health) ? undefined : connection.formerCredential;
  const stateRevision = connection.stateRevision + 1;
  return { kind: 'changed', connection: { ...connection, formerCredential, health, stateRevision } };
}

const answeredBy = ({ answered = [] }: Health, { answers }: ConnectionReport): Pick<Health, 'answered'> =>
  answers === undefined ? {} : { answered: [...new Set([...answered, ...answers])].slice(-mostAnswered) };

const isBefore = (at: Date, other: Date | undefined, byLessThanMs: number): boolean =>
  other !== undefined && at < other && other.getTime() - at.getTime() < byLessThanMs;

// Who could not use the new pair has said so: as long as one could not, that another could is no proof.
const isProof = ({ kind }: ConnectionReport, { faults }: Health): boolean =>
  (kind === 'synced' || kind === 'repaired') && faults.length === 0;

// Whatever credential a page was resolved with, it is not open any more.
function applyDrained(connection: Connection, report: Extract<ConnectionReport, { kind: 'drained' }>): ReportEffect {
  const after = drained(connection, report);
  if (after === connection || !after.deletion) return { kind: 'ignored', reason: 'no-change' };
  return { kind: progressOf(after.deletion).partitionsLeft === 0 ? 'gone' : 'changed', connection: after };
}

type HealthReport = Exclude<ConnectionReport, { kind: 'drained' }>;

function tell(health: Health, report: HealthReport, at: Date): Health {
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

// A service takes back its own finding only: that teams can be listed says nothing of the right to page. What a check
// here found is taken back by either, since both then used the credential after it.
const withoutFault = (health: Health, { reportedBy }: ConnectionReport, at: Date): Health => ({
  ...health,
  faults: health.faults.filter((fault) => {
    if (fault.reportedBy === 'connection-management') return isBefore(at, fault.since, underWayMs);
    return fault.reportedBy !== reportedBy;
  }),
});
