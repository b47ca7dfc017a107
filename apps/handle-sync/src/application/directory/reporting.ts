import type { Connection, ConnectionReport } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Change } from '../../domain/diff-team.ts';
import type { ReportPublisher } from '../ports.ts';
import type { Credentials } from './credentials.ts';
import type { Fault } from './fault.ts';
import type { Requester } from './sync-run.ts';

const maxDetailLength = 1024;
const maxRenames = 1000;
const maxAnswers = 100;

/** The changes since the last report. Renames beyond the limit of a report are left out. */
class Tally {
  added = 0;
  removed = 0;
  readonly renamed: { readonly teamId: string; readonly from: string; readonly to: string }[] = [];

  add({ kind, teamId, team, from }: Change): void {
    if (kind === 'added') this.added += 1;
    else if (kind === 'removed') this.removed += 1;
    else if (kind === 'renamed' && team && from && this.renamed.length < maxRenames)
      this.renamed.push({ teamId, from, to: team.teamHandle });
  }

  merge({ added, removed, renamed }: Tally): void {
    this.added += added;
    this.removed += removed;
    this.renamed.push(...renamed.slice(0, maxRenames - this.renamed.length));
  }

  get isEmpty(): boolean {
    return this.added + this.removed + this.renamed.length === 0;
  }
}

/** How completely the directory is known. */
export type Completeness =
  | { readonly kind: 'complete'; readonly teams: number; readonly durationMs: number }
  | {
      readonly kind: 'incomplete';
      readonly unread: number;
      readonly detail: string;
      /** Only connections with unanswered requests are reported as incomplete. */
      readonly isAnswerOnly: boolean;
    };

interface LastReport {
  readonly kind: ConnectionReport['kind'] | 'nothing';
  readonly detail?: string;
  readonly revision: number;
  readonly at: number;
  /** The time at which the report is repeated at the latest. */
  readonly repeatAt: number;
}

export interface ReportingSettings {
  /** The time after which a connection is reported again even if nothing changed. */
  readonly heartbeatMs: number;
  /** The minimum time between two reports of a connection that differ only in the detail of the fault. */
  readonly faultGapMs: number;
}

/** Reports the state of each connection to connection-management: at once on a change, otherwise at intervals. */
export class Reporting {
  private readonly lastReports = new Map<string, LastReport>();
  private changes = new Tally();
  /** The connections with unanswered requests, and the ids of the requests that the next report of each answers. */
  private readonly answers = new Map<string, string[]>();

  constructor(
    private readonly publisher: ReportPublisher,
    private readonly clock: Pick<Clock, 'now' | 'elapsedMs'>,
    private readonly settings: ReportingSettings,
    private readonly random: () => number,
  ) {}

  /**
   * Assumes that the former owner of the directory has reported these connections, so that the next report comes with
   * the heartbeat. The end of a fault that the former owner reported is reported at once.
   */
  assumeReported(connections: readonly Connection[], credentials: Pick<Credentials, 'faultOf'>): void {
    for (const { connectionId, credential } of connections) {
      const at = this.clock.elapsedMs();
      const repeatAt = at + this.random() * this.settings.heartbeatMs;
      const fault = credentials.faultOf(connectionId);
      const last = fault
        ? ({ kind: 'credential-fault', detail: fault.detail } as const)
        : ({ kind: 'nothing' } as const);
      this.lastReports.set(connectionId, { ...last, revision: credential.revision, at, repeatAt });
    }
  }

  /** Marks the connections of these requests as due, because the sync that they wait for has ended. */
  addRequests(requesters: Iterable<Requester>): void {
    for (const { connectionId, requestId } of requesters) {
      const last = this.lastReports.get(connectionId);
      if (last) this.lastReports.set(connectionId, { ...last, repeatAt: Number.NEGATIVE_INFINITY });
      const answers = this.answers.get(connectionId) ?? [];
      const isNamed = requestId !== undefined && answers.length < maxAnswers;
      this.answers.set(connectionId, isNamed ? [...answers, requestId] : answers);
    }
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) this.changes.add(change);
  }

  /** Publishes the reports that are due. If publishing fails, the next call publishes them. */
  async report(credentials: Credentials, completeness: Completeness | undefined, signal: AbortSignal): Promise<void> {
    const { changes } = this;
    const isComplete = completeness?.kind === 'complete';
    const due = credentials.all.flatMap((connection) => this.reportsOf(connection, credentials, completeness));
    if (isComplete) this.changes = new Tally();
    try {
      if (due.length > 0)
        await this.publisher.publish(
          due.flatMap(({ reports }) => reports),
          signal,
        );
    } catch (error) {
      if (isComplete) this.changes.merge(changes);
      throw error;
    }
    for (const { connectionId, last } of due) {
      this.lastReports.set(connectionId, last);
      this.answers.delete(connectionId);
    }
    const ids = new Set(credentials.all.map(({ connectionId }) => connectionId));
    for (const id of [...this.lastReports.keys(), ...this.answers.keys()]) if (!ids.has(id)) this.forget(id);
  }

  private forget(connectionId: string): void {
    this.lastReports.delete(connectionId);
    this.answers.delete(connectionId);
  }

  private reportsOf(connection: Connection, credentials: Credentials, completeness: Completeness | undefined) {
    const fault = credentials.faultOf(connection.connectionId);
    if (fault) return this.faultReport(connection, fault);
    if (!completeness) return [];
    const isProven = credentials.isProven(connection.connectionId);
    if (completeness.kind === 'incomplete' && completeness.isAnswerOnly && !this.answers.has(connection.connectionId))
      return [];
    if (completeness.kind === 'incomplete') return this.incompleteReport(connection, completeness, isProven);
    // A credential is not reported as working before it was used.
    return isProven ? this.completeReport(connection, completeness) : [];
  }

  private faultReport(connection: Connection, { of, detail, missingPermission }: Fault) {
    if (!this.isDue(connection, 'credential-fault', detail)) return [];
    const missing = missingPermission ? { missingPermission } : {};
    const unopenable = of === 'seal' ? { unopenable: true } : {};
    const report = {
      kind: 'credential-fault',
      ...this.common(connection),
      ...missing,
      ...unopenable,
      detail: cut(detail),
    } as const;
    return [this.due(connection, [report], detail)];
  }

  private incompleteReport(
    connection: Connection,
    { unread, detail }: Extract<Completeness, { kind: 'incomplete' }>,
    isProven: boolean,
  ) {
    if (!this.isDue(connection, 'sync-failed', detail)) return [];
    const failed = { kind: 'sync-failed', ...this.common(connection), unread, detail: cut(detail) } as const;
    return [this.due(connection, [...(isProven ? this.repair(connection) : []), failed], detail)];
  }

  private completeReport(connection: Connection, completeness: Extract<Completeness, { kind: 'complete' }>) {
    const last = this.lastReports.get(connection.connectionId);
    const isNews = !this.changes.isEmpty || !last || last.revision !== connection.credential.revision;
    if (!isNews && !this.isDue(connection, 'synced')) return [];
    const synced = this.synced(connection, completeness, last ? this.changes : undefined);
    return [this.due(connection, [...this.repair(connection), synced])];
  }

  private repair(connection: Connection): ConnectionReport[] {
    const wasFaulty = this.lastReports.get(connection.connectionId)?.kind === 'credential-fault';
    return wasFaulty ? [{ kind: 'repaired', ...this.common(connection) }] : [];
  }

  /** `changes` is undefined in the first report of a connection, for which all teams are new. */
  private synced(
    connection: Connection,
    { teams, durationMs }: Extract<Completeness, { kind: 'complete' }>,
    changes: Tally | undefined,
  ): ConnectionReport {
    return {
      kind: 'synced',
      ...this.common(connection),
      teams,
      added: changes ? changes.added : teams,
      removed: changes?.removed ?? 0,
      renamed: changes?.renamed ?? [],
      durationMs: Math.max(0, Math.round(durationMs)),
    };
  }

  private isDue({ connectionId, credential }: Connection, kind: LastReport['kind'], detail?: string): boolean {
    const last = this.lastReports.get(connectionId);
    if (!last || last.revision !== credential.revision) return true;
    const now = this.clock.elapsedMs();
    if (now >= last.repeatAt) return true;
    if (last.kind === 'nothing') return kind === 'credential-fault';
    return last.kind !== kind || (last.detail !== detail && now - last.at >= this.settings.faultGapMs);
  }

  private due({ connectionId, credential }: Connection, reports: readonly ConnectionReport[], detail?: string) {
    const kind = reports.at(-1)?.kind ?? 'nothing';
    const at = this.clock.elapsedMs();
    // Jitter, because many connections have their first report at the same moment.
    const early = (this.lastReports.has(connectionId) ? 0.2 : 1) * this.random();
    const repeatAt = at + (1 - early) * this.settings.heartbeatMs;
    const last: LastReport = { kind, revision: credential.revision, at, repeatAt, ...(detail ? { detail } : {}) };
    return { connectionId, reports, last };
  }

  private common({ connectionId, sourceOrg, credential }: Connection) {
    const at = this.clock.now().toISOString();
    const answers = this.answers.get(connectionId) ?? [];
    const { revision: credentialRevision } = credential;
    return { connectionId, sourceOrg, reportedBy: 'handle-sync', credentialRevision, at, answers } as const;
  }
}

const cut = (text: string): string =>
  text.length <= maxDetailLength ? text : `${text.slice(0, maxDetailLength - 1).toWellFormed()}…`;
