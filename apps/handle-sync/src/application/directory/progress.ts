import type { SyncResult } from '../ports.ts';
import type { SyncParts } from './directory-sync.ts';
import type { Completeness } from './reporting.ts';
import type { SyncRun } from './sync-run.ts';

/** The state of the current sync. */
export interface SyncState {
  readonly run: SyncRun | undefined;
  /** The number of teams that were listed, and of those among them whose rules have not been read. */
  readonly listed: number;
  readonly unread: number;
  /** Whether teams are queued whose rules were requested. */
  readonly hasRequested: boolean;
}

/** Tracks how completely a directory is known, and publishes its status and reports. */
export class Progress {
  /** The duration of the last complete sync; undefined if there was none. */
  private durationMs: number | undefined;
  private readonly startedAt: number;
  private incompleteSince: number;
  /** Why the last list or sync was incomplete. */
  private reason: string | undefined;

  constructor(
    private readonly directory: string,
    private readonly parts: SyncParts,
    /** Unread rules are reported only after this time. */
    private readonly lateMs: number,
    /** The time of the last complete sync, initially that of the former owner; undefined if there was none. */
    private completeAt: string | undefined,
  ) {
    this.startedAt = this.now;
    this.incompleteSince = this.now;
  }

  get wasComplete(): boolean {
    return this.completeAt !== undefined;
  }

  /** The milliseconds since the last complete sync, or since this process owns the directory if there was none. */
  get stalenessMs(): number {
    if (this.completeAt === undefined) return this.now - this.startedAt;
    return this.parts.clock.now().getTime() - Date.parse(this.completeAt);
  }

  /** Records a finished list, with the reason if it was incomplete. */
  listed(reason: string | undefined): void {
    this.reason = reason;
  }

  failed(run: Pick<SyncRun, 'startedAt' | 'waiting'>, detail: string | undefined): void {
    this.reason = detail;
    this.ended('sync-failed', run);
  }

  ended(result: SyncResult, { startedAt, waiting = new Set() }: Pick<SyncRun, 'startedAt' | 'waiting'>): void {
    this.parts.reporting.addRequests(waiting);
    const durationMs = this.now - startedAt;
    this.parts.meter.syncEnded(result, durationMs);
    if (result !== 'synced') this.parts.log.info({ directory: this.directory, result, durationMs }, 'sync ended');
  }

  /** Publishes the status and the reports that are due. */
  async publish(state: SyncState, signal: AbortSignal): Promise<void> {
    const { credentials, reporting, book, status } = this.parts;
    const { run, unread } = state;
    const isAwaited = run !== undefined && state.hasRequested && this.now < run.answerBy;
    if (run && unread === 0 && !isAwaited) this.allRead(run, this.reason === undefined && book.notKept === 0);
    const teams = book.onCall;
    const complete = this.completeAt === undefined ? {} : { completeAt: this.completeAt };
    await status.write({ teams, unread, ...complete, refused: credentials.refused }, signal);
    // The report that answers the requests has all changes that were found for them.
    await reporting.report(credentials, isAwaited ? undefined : this.completeness(state, teams), signal);
  }

  /** Records that the current sync has no unread teams. `isComplete`: nothing else is missing either. */
  private allRead(run: SyncRun, isComplete: boolean): void {
    if (isComplete) this.incompleteSince = this.now;
    if (run.isAnswered) return;
    if (isComplete) {
      this.completeAt = this.parts.clock.now().toISOString();
      this.durationMs = this.now - run.startedAt;
    }
    this.ended(isComplete ? 'synced' : 'sync-failed', run);
    run.isAnswered = true;
  }

  private completeness({ unread, listed }: SyncState, teams: number): Completeness | undefined {
    const { durationMs } = this;
    const { notKept } = this.parts.book;
    const detail = this.reason ?? (notKept === 0 ? undefined : noRoom(teams, notKept));
    if (detail !== undefined) return { kind: 'incomplete', unread, detail };
    if (unread === 0) return durationMs === undefined ? undefined : { kind: 'complete', teams, durationMs };
    if (this.now - this.incompleteSince < this.lateMs) return undefined;
    return { kind: 'incomplete', unread, detail: stillUnread(unread, listed) };
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}

const stillUnread = (unread: number, listed: number) =>
  `The routing rules of ${unread} of ${listed} teams are unread yet; they are read as fast as the rate limit of the ` +
  'destination allows. Until then the known handles of these teams stay.';

const noRoom = (teams: number, notKept: number) =>
  `The destination has more teams on call than one directory may have: the first ${teams} are kept, and ` +
  `${notKept} cannot be mentioned. Raise MAX_TEAMS of handle-sync, or take teams off call.`;
