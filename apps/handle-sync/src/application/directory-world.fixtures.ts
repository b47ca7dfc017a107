import { type Connection, type ConnectionReport, type Handle } from '@pagebridge/contracts';
import type { Failure, RateLimit, Result, Team } from '@pagebridge/destination';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, FakeClock } from '@pagebridge/testing';
import { OwnedDirectories, type OwnedParts, type OwnedSettings } from './owned-directories.ts';
import type { DestinationReader, DirectoryStatus, TeamWrite } from './ports.ts';
import { Tables } from './tables.ts';

export const second = 1000;
export const minute = 60 * second;
export const directory = 'EU1/org-globex/account-1';

const settings: OwnedSettings = {
  sync: { intervalMs: minute, retryMs: 2 * second, gapMs: 2 * second, lateMs: 5 * 60_000, concurrency: 4 },
  store: { renameGraceMs: 60 * minute, confirmMs: 5 * minute, maxTeams: 10_000 },
  credentials: { proofMs: 60 * minute, retryMs: minute },
  reporting: { heartbeatMs: 10 * minute, faultGapMs: minute },
  pacer: { concurrency: 4, attempts: 3, backoffMs: 250 },
  statusMs: 5 * minute,
  unusedMs: 10 * minute,
  lookUpsPerMinute: 10,
};

export const failure = (its: Partial<Failure> = {}): Result<never> => ({
  ok: false,
  failure: { kind: 'retry', cause: 'server', status: 500, detail: 'the destination answered 500', sent: true, ...its },
});
const unauthorized = failure({ kind: 'credential', cause: 'unauthorized', status: 401, detail: 'answered 401' });
export const forbidden = failure({ kind: 'credential', cause: 'forbidden', status: 403, detail: 'answered 403' });

interface DestinationTeam extends Omit<Team, 'handle'> {
  handle: string;
  /** Whether the team has routing rules, or the failure of reading them. */
  rules: boolean | Result<never>;
}

/** A simulated destination, a simulated Kafka, and the real application part of handle-sync between them, on a fake clock. */
export class DirectoryWorld {
  readonly clock = new FakeClock();
  readonly teams = new Map<string, DestinationTeam>();
  /** Connections whose keys the destination refuses. */
  readonly revoked = new Set<string>();
  readonly permissions = new Set(['teams_read', 'on_call_read']);
  /** The calls to the destination, as `teams`, `rules <team>`, `keys <connection>` or `user`. */
  calls: string[] = [];
  readonly reports: ConnectionReport[] = [];
  readonly writes: TeamWrite[] = [];
  status: DirectoryStatus | undefined;
  readonly errors: string[] = [];
  /** Runs before a page of the list is answered. */
  beforePage: (pageNumber: number) => void = () => {};
  listFailure: Result<never> | undefined;
  validateKeys: Result<never> | undefined;
  /** The time after which the destination answers whether a team has rules. */
  rulesMs = 0;
  /** The time after which the destination answers for a team that it is slow to answer for. */
  readonly slow = new Map<string, number>();
  /** The time after which the destination answers a page of the list. */
  listMs = 0;
  /** The rate limit of the answers whether a team has rules. */
  rulesLimit: RateLimit | undefined;
  isKafkaDown = false;
  private deletionsHeld: Promise<void> | undefined;
  readonly tables = new Tables(new HandleRegistry());
  readonly owned: OwnedDirectories;
  private version = 0;

  constructor(its: Partial<OwnedSettings> = {}, parts: Partial<OwnedParts> = {}) {
    this.owned = new OwnedDirectories(
      {
        tables: this.tables,
        destinations: { open: async (connection) => ({ ok: true, value: this.readerFor(connection) }) },
        publisher: {
          publishTeams: async (_directory, writes, signal) => {
            if (writes.some(({ team }) => team === null)) await this.deletionsHeld;
            this.write(writes, signal);
          },
          publishStatus: async (_directory, status) => {
            this.requireKafka();
            this.status = status ?? undefined;
            this.tables.applyDirectory(
              directory,
              status && { directory, ...status, refused: [...status.refused], ownerEpoch: 1 },
            );
          },
        },
        reports: {
          publish: async (reports) => {
            this.requireKafka();
            this.reports.push(...reports);
          },
        },
        meter: { syncEnded: () => {}, called: () => {} },
        clock: this.clock,
        random: () => 0.5,
        log: {
          debug: () => {},
          info: () => {},
          warn: () => {},
          error: (_its, text) => void this.errors.push(String(text)),
        },
        ...parts,
      },
      { ...settings, ...its },
    );
    this.tables.follow(this.owned);
  }

  /** Makes this process the owner of the directory. */
  own(): Promise<void> {
    return this.owned.own(() => true);
  }

  /** Like `own`, and advances the clock until the first sync has finished. */
  async begin(): Promise<void> {
    await this.own();
    await this.clock.advance(minute);
  }

  /** Lets no deletion of teams be written until the returned function is called. */
  holdDeletions(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.deletionsHeld = promise;
    return resolve;
  }

  disown(): Promise<void> {
    return this.owned.own(() => false);
  }

  add(...handles: string[]): void {
    for (const handle of handles) this.teams.set(handle, { id: handle, handle, name: handle, rules: true });
  }

  team(id: string): DestinationTeam {
    const team = this.teams.get(id);
    if (!team) throw new Error(`no team ${id}`);
    return team;
  }

  connect(its: Partial<Connection> = {}): Connection {
    this.version += 1;
    const checkedAt = this.clock.now().toISOString();
    // Each connection is newer than the one before.
    const createdAt = new Date(this.version * minute).toISOString();
    const bare = aConnection({ directory, version: this.version, createdAt, ...its });
    const connection = { ...bare, credential: { ...bare.credential, ...its.credential, checkedAt } };
    this.tables.applyConnection(connection.connectionId, connection);
    return connection;
  }

  /** The same connection with new keys. */
  rotate({ connectionId, credential, ...its }: Connection): Connection {
    return this.connect({
      ...its,
      version: 1000,
      connectionId,
      credential: { ...credential, revision: credential.revision + 1 },
    });
  }

  remove({ connectionId }: Connection): void {
    this.tables.applyConnection(connectionId, null);
  }

  /** The handles that can be mentioned, according to Kafka. */
  get handles(): string[] {
    return [...this.tables.teamsOf(directory).values()]
      .flatMap(({ onCall, teamHandle }) => (onCall ? [teamHandle] : []))
      .toSorted();
  }

  kindsFor({ connectionId }: Connection): string[] {
    return this.reports.filter((report) => report.connectionId === connectionId).map(({ kind }) => kind);
  }

  lastFor({ connectionId }: Connection): ConnectionReport | undefined {
    return this.reports.findLast((report) => report.connectionId === connectionId);
  }

  called(prefix: string): number {
    return this.calls.filter((call) => call.startsWith(prefix)).length;
  }

  /** Applies a record as if it was read from Kafka. */
  arrive({ teamId, team }: TeamWrite): void {
    const handle: Handle | null = team && {
      directory,
      teamId,
      teamHandle: team.teamHandle,
      teamName: team.teamName,
      onCall: team.onCall,
      formerHandles: [...team.formerHandles],
      changedAt: new Date(team.firstSeen).toISOString(),
      firstSeenAt: new Date(team.firstSeen).toISOString(),
      ownerEpoch: 1,
    };
    this.tables.applyHandle(directory, teamId, handle);
  }

  private write(writes: readonly TeamWrite[], signal: AbortSignal): void {
    signal.throwIfAborted();
    this.requireKafka();
    this.writes.push(...writes);
    for (const write of writes) this.arrive(write);
  }

  private requireKafka(): void {
    if (this.isKafkaDown) throw new Error('Kafka is away');
  }

  private readerFor({ connectionId }: Connection): DestinationReader {
    const answer = <T>(call: string, value: () => T | Result<never>): Promise<Result<T>> => {
      this.calls.push(call);
      if (this.revoked.has(connectionId)) return Promise.resolve(unauthorized);
      const its = value();
      const isFailure = typeof its === 'object' && its !== null && 'ok' in its;
      return Promise.resolve(isFailure ? (its as Result<never>) : { ok: true, value: its as T });
    };
    return {
      teams: async ({ pageNumber, pageSize, keyword }) => {
        if (this.listMs > 0) await this.clock.sleep(this.listMs);
        return answer('teams', () => {
          this.beforePage(pageNumber);
          if (this.listFailure) return this.listFailure;
          const all = [...this.teams.values()].filter(({ handle }) => handle.includes(keyword ?? ''));
          const shown = all.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize);
          const teams = shown.map((team) => ({ ...team }));
          return { teams, unreadable: 0, total: all.length, last: (pageNumber + 1) * pageSize >= all.length };
        });
      },
      isOnCall: async (teamId) => {
        const ms = this.slow.get(teamId) ?? this.rulesMs;
        if (ms > 0) await this.clock.sleep(ms);
        const result = await answer(`rules ${teamId}`, () => {
          if (!this.permissions.has('on_call_read')) return forbidden;
          return this.teams.get(teamId)?.rules ?? false;
        });
        return this.rulesLimit ? { ...result, rateLimit: this.rulesLimit } : result;
      },
      validateKeys: () => answer(`keys ${connectionId}`, () => this.validateKeys ?? (true as const)),
      currentUser: () =>
        answer('user', () => ({
          id: 'account-1',
          serviceAccount: true,
          disabled: false,
          org: { id: 'org-globex', name: 'Globex' },
          permissions: [...this.permissions],
        })),
    };
  }
}
