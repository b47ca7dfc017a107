import type { Connection, ConnectionReport } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Change } from '../../domain/diff-team.ts';
import type { ReportPublisher } from '../ports.ts';
import type { Credentials, Fault } from './credentials.ts';

const longestDetail = 1024;
const mostRenames = 1000;

/** What the last look showed. */
export type Outlook =
  | { readonly kind: 'complete'; readonly teams: number; readonly durationMs: number }
  | { readonly kind: 'incomplete'; readonly unread: number; readonly detail: string };

interface Told {
  readonly kind: ConnectionReport['kind'] | 'nothing';
  readonly detail?: string;
  readonly revision: number;
  readonly at: number;
}

export interface ReportingSettings {
  /** At the latest after this long a connection is reported again, whether anything changed or not. */
  readonly heartbeatMs: number;
  /** Between two reports of a connection that say the same trouble in other words. */
  readonly troubleMs: number;
}

/** Tells connection-management what became of each connection: at once where it changed, else now and then. */
export class Reporting {
  private readonly told = new Map<string, Told>();
  private changes: Change[] = [];

  constructor(
    private readonly publisher: ReportPublisher,
    private readonly clock: Pick<Clock, 'now' | 'elapsedMs'>,
    private readonly settings: ReportingSettings,
    private readonly random: () => number,
  ) {}

  /** What was there before this process owned the directory was reported by who owned it: it comes with the next heartbeat. */
  assumeTold(connections: readonly Connection[]): void {
    for (const { connectionId, credential } of connections) {
      const at = this.clock.elapsedMs() - this.random() * this.settings.heartbeatMs;
      this.told.set(connectionId, { kind: 'nothing', revision: credential.revision, at });
    }
  }

  /** Somebody waits for a report of these connections, whether anything changed or not. */
  expect(connectionIds: Iterable<string>): void {
    for (const id of connectionIds) {
      const told = this.told.get(id);
      if (told) this.told.set(id, { ...told, at: Number.NEGATIVE_INFINITY });
    }
  }

  /** Counts among the changes of the next report. */
  add(changes: readonly Change[]): void {
    this.changes.push(...changes.filter(({ kind }) => kind !== 'noticed' && kind !== 'forgotten'));
  }

  /** Publishes what is to be told now. After a rejection it is told the next time. */
  async report(credentials: Credentials, outlook: Outlook | undefined): Promise<void> {
    const changes = [...this.changes];
    const due = credentials.all.flatMap((connection) => {
      const fault = credentials.faultOf(connection.connectionId);
      if (fault) return this.faultReport(connection, fault);
      if (!outlook) return [];
      // Keys that nobody has used yet are not said to work.
      if (outlook.kind === 'complete' && !credentials.isProven(connection.connectionId)) return [];
      return this.outlookReport(connection, outlook, changes);
    });
    if (due.length > 0) await this.publisher.publish(due.flatMap(({ reports }) => reports));
    for (const { connectionId, told } of due) this.told.set(connectionId, told);
    const ids = new Set(credentials.all.map(({ connectionId }) => connectionId));
    for (const id of [...this.told.keys()]) if (!ids.has(id)) this.told.delete(id);
    if (outlook?.kind === 'complete') this.changes = this.changes.slice(changes.length);
  }

  private faultReport(connection: Connection, { detail, missingPermission }: Fault) {
    if (!this.isDue(connection, 'credential-fault', detail)) return [];
    const missing = missingPermission ? { missingPermission } : {};
    const report = { kind: 'credential-fault', ...this.common(connection), ...missing, detail: cut(detail) } as const;
    return [this.due(connection, [report], detail)];
  }

  private outlookReport(connection: Connection, outlook: Outlook, changes: readonly Change[]) {
    const told = this.told.get(connection.connectionId);
    const repaired: ConnectionReport[] =
      told?.kind === 'credential-fault' ? [{ kind: 'repaired', ...this.common(connection) }] : [];
    if (outlook.kind === 'incomplete') {
      const { unread, detail } = outlook;
      if (!this.isDue(connection, 'sync-failed', detail)) return [];
      const failed = { kind: 'sync-failed', ...this.common(connection), unread, detail: cut(detail) } as const;
      return [this.due(connection, [...repaired, failed], detail)];
    }
    const isNews = changes.length > 0 || !told || told.revision !== connection.credential.revision;
    if (!isNews && !this.isDue(connection, 'synced')) return [];
    return [this.due(connection, [...repaired, this.synced(connection, outlook, told ? changes : undefined)])];
  }

  /** Without changes: the first report of a connection, to which all teams are new. */
  private synced(
    connection: Connection,
    { teams, durationMs }: Extract<Outlook, { kind: 'complete' }>,
    changes: readonly Change[] | undefined,
  ): ConnectionReport {
    const count = (kind: Change['kind']) => changes?.filter((change) => change.kind === kind).length ?? 0;
    const renamed = (changes ?? []).flatMap(({ kind, teamId, team, from }) =>
      kind === 'renamed' && team && from ? [{ teamId, from, to: team.teamHandle }] : [],
    );
    return {
      kind: 'synced',
      ...this.common(connection),
      teams,
      added: changes ? count('added') : teams,
      removed: count('removed'),
      renamed: renamed.slice(0, mostRenames),
      durationMs: Math.max(0, Math.round(durationMs)),
    };
  }

  private isDue({ connectionId, credential }: Connection, kind: Told['kind'], detail?: string): boolean {
    const told = this.told.get(connectionId);
    if (!told || told.revision !== credential.revision) return true;
    const age = this.clock.elapsedMs() - told.at;
    if (age >= this.settings.heartbeatMs) return true;
    if (told.kind === 'nothing') return kind === 'credential-fault';
    return told.kind !== kind || (told.detail !== detail && age >= this.settings.troubleMs);
  }

  private due({ connectionId, credential }: Connection, reports: readonly ConnectionReport[], detail?: string) {
    const kind = reports.at(-1)?.kind ?? 'nothing';
    const at = this.clock.elapsedMs();
    const told: Told = { kind, revision: credential.revision, at, ...(detail ? { detail } : {}) };
    return { connectionId, reports, told };
  }

  private common({ connectionId, sourceOrg, credential }: Connection) {
    const at = this.clock.now().toISOString();
    return { connectionId, sourceOrg, reportedBy: 'handle-sync', credentialRevision: credential.revision, at } as const;
  }
}

const cut = (text: string): string => (text.length <= longestDetail ? text : `${text.slice(0, longestDetail - 1)}…`);
