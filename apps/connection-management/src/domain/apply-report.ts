import type { ConnectionReport } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';
import type { Health } from './health.ts';

export type ReportEffect =
  | { readonly kind: 'changed'; readonly connection: Connection }
  | { readonly kind: 'ignored'; readonly reason: 'older-credential' | 'out-of-date' | 'no-change' };

/**
 * What a report makes of a connection: reading it twice, or after a newer one, changes nothing.
 *
 * Syncs and credential findings are ordered apart, and apart for each reporter, since their clocks differ.
 */
export function applyReport(connection: Connection, report: ConnectionReport): ReportEffect {
  if (report.credentialRevision < connection.credential.revision)
    return { kind: 'ignored', reason: 'older-credential' };
  const kind = report.kind === 'synced' || report.kind === 'sync-failed' ? 'sync' : 'credential';
  const slot = `${kind}:${report.reportedBy}`;
  const at = new Date(report.at);
  const last = connection.health.seen[slot];
  if (last && at < last) return { kind: 'ignored', reason: 'out-of-date' };
  const told = tell(connection.health, report, at);
  const health = { ...told, seen: { ...told.seen, [slot]: at } };
  if (JSON.stringify(health) === JSON.stringify(connection.health)) return { kind: 'ignored', reason: 'no-change' };
  return { kind: 'changed', connection: { ...connection, health, stateRevision: connection.stateRevision + 1 } };
}

function tell(health: Health, report: ConnectionReport, at: Date): Health {
  switch (report.kind) {
    case 'synced': {
      const { teams, added, removed, durationMs } = report;
      const { lastSyncFailure: _overcome, ...rest } = health;
      return withoutFault({ ...rest, lastSync: { at, teams, added, removed, durationMs } }, report, at);
    }
    case 'sync-failed':
      return { ...health, lastSyncFailure: { at, detail: report.detail } };
    case 'credential-fault':
      return withFault(health, report, at);
    case 'repaired':
      return withoutFault(health, report, at);
  }
}

function withFault(health: Health, report: Extract<ConnectionReport, { kind: 'credential-fault' }>, at: Date): Health {
  const { reportedBy, missingPermission, detail } = report;
  const before = health.faults.find((fault) => fault.reportedBy === reportedBy);
  const fault = { reportedBy, ...(missingPermission ? { missingPermission } : {}), detail, since: before?.since ?? at };
  return { ...health, faults: [...health.faults.filter((other) => other.reportedBy !== reportedBy), fault] };
}

// A service takes back its own finding only: that teams can be listed says nothing of the right to page. What a check
// here found is taken back by either, since both then used the credential after it.
const withoutFault = (health: Health, { reportedBy }: ConnectionReport, at: Date): Health => ({
  ...health,
  faults: health.faults.filter(
    (fault) => fault.since > at || (fault.reportedBy !== reportedBy && fault.reportedBy !== 'connection-management'),
  ),
});
