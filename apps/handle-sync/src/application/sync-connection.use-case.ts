import type { Connection, ConnectionReport, Handle } from '@pagebridge/contracts';
import type { Clock, Log } from '@pagebridge/vocabulary';
import type { Change } from '../domain/diff-teams.ts';
import { judgeReading } from '../domain/judge-reading.ts';
import type { HandlePublisher, HandleWrite, Reading, ReportPublisher, SyncResult, TeamReader } from './ports.ts';
import { Reports } from './reports.ts';
import type { Tables } from './tables.ts';

export interface SyncOutputs {
  readonly handles: HandlePublisher;
  readonly reports: ReportPublisher;
  readonly log: Log;
}

export interface SyncSettings {
  /** How long a renamed team's old handle stays usable. */
  readonly renameGraceMs: number;
  /** How long to wait for our own writes to come back from Kafka before going on. */
  readonly returnMs: number;
}

/** What is remembered of a connection between two of its syncs, as long as this process owns it. */
export interface SyncMemory {
  /** The last listing would have removed most handles. */
  suspicious: boolean;
  /** The last report was a credential fault. */
  faulty: boolean;
}

export interface SyncRun {
  readonly signal: AbortSignal;
  readonly memory: SyncMemory;
  readonly traceparent?: string;
}

type Listing = Extract<Reading, { kind: 'listed' }>;

/**
 * Looks at a destination once, writes what differs from the known handles, and reports.
 *
 * Guarantee: whatever the destination does not show clearly stays as it was. Rejects when aborted or when Kafka does not
 * take a write; the next sync then finds the same differences.
 */
export class SyncConnection {
  constructor(
    private readonly tables: Tables,
    private readonly destination: TeamReader,
    private readonly outputs: SyncOutputs,
    private readonly settings: SyncSettings,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async execute(connection: Connection, run: SyncRun): Promise<SyncResult> {
    const startedAt = this.clock.now().getTime();
    const reports = new Reports(connection, () => this.clock.now().toISOString());
    const reading = await this.destination.read(connection, run.signal);
    run.signal.throwIfAborted();
    if (reading.kind === 'listed') return this.apply(connection, reading, reports, run, startedAt);
    if (reading.kind === 'failed') {
      await this.report(reports.failed(reading.detail), run);
      return 'sync-failed';
    }
    return this.fault(reports.fault(reading.detail, reading.missingPermission), run);
  }

  private async apply(
    connection: Connection,
    { teams: listed, complete }: Listing,
    reports: Reports,
    run: SyncRun,
    startedAt: number,
  ): Promise<SyncResult> {
    const known = this.tables.handlesOf(connection.connectionId);
    const { renameGraceMs: graceMs } = this.settings;
    const verdict = judgeReading({
      known,
      listed,
      complete,
      confirmed: run.memory.suspicious,
      now: this.clock.now().getTime(),
      graceMs,
    });
    if (verdict.kind === 'rules-forbidden') return this.fault(reports.rulesForbidden(verdict.teams), run);
    if (run.memory.faulty) await this.report(reports.repaired(), run);
    run.memory.faulty = false;
    run.memory.suspicious = verdict.kind === 'implausible';
    if (verdict.kind === 'implausible') {
      await this.report(reports.implausible(verdict), run);
      return 'implausible';
    }
    const { changes, unread, unusable } = verdict;
    const teams = known.size + count(changes, 'added') - count(changes, 'removed');
    await this.write(connection, changes, run);
    if (unusable > 0)
      this.outputs.log.warn(
        { connectionId: connection.connectionId, unusable },
        'teams with a handle that nobody can mention',
      );
    if (unread > 0 || !complete) {
      await this.report(reports.partly(unread, listed.length), run);
      return 'sync-failed';
    }
    await this.report(reports.synced(changes, teams, this.clock.now().getTime() - startedAt), run);
    return 'synced';
  }

  private async write(connection: Connection, changes: readonly Change[], run: SyncRun): Promise<void> {
    if (changes.length === 0) return;
    const changedAt = this.clock.now().toISOString();
    const writes = changes.map((change) => writeOf(connection, change, changedAt));
    const returned = this.tables.returnOf(writes, this.settings.returnMs);
    await this.outputs.handles.publish(writes, run.traceparent);
    const { connectionId } = connection;
    this.outputs.log.info({ connectionId, ...countByKind(changes) }, 'handles changed');
    // They are acknowledged; not seeing them yet only means that the next sync may write some of them again.
    if (!(await returned)) this.outputs.log.warn({ connectionId }, 'written handles have not come back from Kafka');
  }

  private async fault(report: ConnectionReport, run: SyncRun): Promise<SyncResult> {
    await this.report(report, run);
    run.memory.faulty = true;
    return 'credential-fault';
  }

  private report(report: ConnectionReport, run: SyncRun): Promise<void> {
    return this.outputs.reports.publish(report, run.traceparent);
  }
}

function writeOf({ connectionId, sourceOrg }: Connection, change: Change, changedAt: string): HandleWrite {
  if (change.kind === 'removed') return { connectionId, teamId: change.teamId, handle: null };
  const { firstSeen, formerHandles, ...team } = change.team;
  const firstSeenAt = new Date(firstSeen).toISOString();
  const handle: Handle = {
    connectionId,
    sourceOrg,
    ...team,
    formerHandles: [...formerHandles],
    changedAt,
    firstSeenAt,
  };
  return { connectionId, teamId: handle.teamId, handle };
}

const count = (changes: readonly Change[], kind: Change['kind']): number =>
  changes.filter((change) => change.kind === kind).length;

const countByKind = (changes: readonly Change[]) =>
  Object.fromEntries(
    (['added', 'renamed', 'refreshed', 'removed'] as const).map((kind) => [kind, count(changes, kind)]),
  );
