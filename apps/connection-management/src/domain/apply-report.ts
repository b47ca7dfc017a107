import {
  afterReport,
  type ConnectionReport,
  type HealthReport,
  isAboutHealth,
  timeOfReport,
} from '@pagebridge/contracts';
import type { Connection } from './connection.ts';
import { drained, progressOf } from './deletion.ts';
import type { Health } from './health.ts';

export type ReportEffect =
  | { readonly kind: 'changed'; readonly connection: Connection }
  /** No page is open over the connection any more, which its deletion waits for. */
  | { readonly kind: 'gone'; readonly connection: Connection }
  | { readonly kind: 'ignored'; readonly reason: 'older-credential' | 'out-of-date' | 'no-change' };

/** The number of answered requests kept: a caller who waits for an answer polls several times a second. */
const maxAnswered = 20;

/** Returns the effect of a report on a connection. Reading a report twice, or shortly after a newer one, changes nothing. */
export function applyReport(connection: Connection, report: ConnectionReport, now: Date): ReportEffect {
  if (report.kind === 'drained') return applyDrained(connection, report);
  // Pages are sent and resolved as ever: the state of the connection is the same.
  if (!isAboutHealth(report)) return { kind: 'ignored', reason: 'no-change' };
  if (report.credentialRevision < connection.credential.revision)
    return { kind: 'ignored', reason: 'older-credential' };
  const reported = afterReport(connection.health, report, now);
  if (!reported) return { kind: 'ignored', reason: 'out-of-date' };
  const known = { ...connection.health, ...reported };
  const health = { ...withSync(known, report, timeOfReport(report, now)), ...answeredBy(known, report) };
  if (JSON.stringify(health) === JSON.stringify(connection.health)) return { kind: 'ignored', reason: 'no-change' };
  const formerCredential = isProof(report, health) ? undefined : connection.formerCredential;
  const stateRevision = connection.stateRevision + 1;
  return { kind: 'changed', connection: { ...connection, formerCredential, health, stateRevision } };
}

const answeredBy = ({ answered = [] }: Health, { answers }: ConnectionReport): Pick<Health, 'answered'> =>
  answers === undefined ? {} : { answered: [...new Set([...answered, ...answers])].slice(-maxAnswered) };

// A service that cannot use the new pair has reported a fault. While there is one, success of another service is no proof.
const isProof = ({ kind }: ConnectionReport, { faults }: Health): boolean =>
  (kind === 'synced' || kind === 'repaired') && faults.length === 0;

// The credential revision does not matter: a page resolved with any credential is not open any more.
function applyDrained(connection: Connection, report: Extract<ConnectionReport, { kind: 'drained' }>): ReportEffect {
  const after = drained(connection, report);
  if (after === connection || !after.deletion) return { kind: 'ignored', reason: 'no-change' };
  return { kind: progressOf(after.deletion).partitionsLeft === 0 ? 'gone' : 'changed', connection: after };
}

function withSync(health: Health, report: HealthReport, at: Date): Health {
  if (report.kind === 'sync-failed')
    return { ...health, lastSyncFailure: { at, detail: report.detail, unread: report.unread ?? 0 } };
  if (report.kind !== 'synced') return health;
  const { teams, added, removed, durationMs } = report;
  const { lastSyncFailure: _overcome, ...rest } = health;
  return { ...rest, lastSync: { at, teams, added, removed, durationMs } };
}
