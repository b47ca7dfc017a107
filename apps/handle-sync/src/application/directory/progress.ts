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
  /** Whether rules are still to be read that requests wait for. */
  readonly hasAwaited: boolean;
}

/** Tracks how completely a directory is known, and publishes its status and reports. */
export class Progress {
  /** The duration of the last complete sync; undefined if there was none. */
  private durationMs: number | undefined;
  private readonly startedAt: Date;
  private incompleteSince: number;
  /** Why the last list or sync was incomplete. */
  private reason: string | undefined;

  constructor(
    private readonly directory: string,
    private readonly parts: SyncParts,
    /** Unread rules are reported only after this time, except to those who wait for an answer. */
    private readonly lateMs: number,
    /** The time of the last complete sync, initially that of the former owner; undefined if there was none. */
    private completeAt: string | undefined,
  ) {
    this.startedAt = this.parts.clock.now();
    this.incompleteSince = this.now;
  }

  get wasComplete(): boolean {
    return this.completeAt !== undefined;
  }

  /** The time of the last complete sync, or that at which this process took over the directory if there was none. */
  get completeSince(): Date {
    return this.completeAt === undefined ? this.startedAt : new Date(this.completeAt);
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

  /**
   * Publishes the status and the reports that are due. `isDuringBatch`: the requests are to be answered now, although a batch
   * of rules is still being read.
   */
  async publish(state: SyncState, signal: AbortSignal, isDuringBatch = false): Promise<void> {
    const { credentials, reporting, store, status } = this.parts;
    const { run, unread } = state;
    const answerAt = run?.answerAt;
    const isReading = answerAt !== undefined && (state.hasAwaited || isDuringBatch);
    const isAwaited = isReading && !isDuringBatch && this.now < answerAt;
    const isUnproven = isReading && !run?.hasRead;
    if (run && !isAwaited) {
      this.answer(run);
      if (unread === 0 && !isUnproven) this.allRead(run, this.reason === undefined && store.notKept === 0);
    }
    const teams = store.onCall;
    const complete = this.completeAt === undefined ? {} : { completeAt: this.completeAt };
    await status.write({ teams, unread, ...complete, refused: credentials.refused }, signal);
    // The report that answers the requests has all changes that were found for them.
    await reporting.report(credentials, isAwaited ? undefined : this.completeness(state, teams, isUnproven), signal);
  }

  /** Records that the current sync has no unread teams. `isComplete`: nothing else is missing either. */
  private allRead(run: SyncRun, isComplete: boolean): void {
    if (isComplete) this.incompleteSince = this.now;
    if (run.isRecorded) return;
    run.isRecorded = true;
    if (isComplete) {
      this.completeAt = this.parts.clock.now().toISOString();
      this.durationMs = this.now - run.startedAt;
    }
    this.ended(isComplete ? 'synced' : 'sync-failed', run);
  }

  /** Answers the requests of a sync that may still have unread teams. */
  private answer(run: SyncRun): void {
    this.parts.reporting.addRequests(run.waiting ?? []);
    run.isAnswered = true;
  }

  /** `isUnproven`: the destination has not yet answered for any of the rules that requests wait for. */
  private completeness({ unread, listed }: SyncState, teams: number, isUnproven: boolean): Completeness | undefined {
    const { durationMs } = this;
    const { notKept } = this.parts.store;
    const detail = this.reason ?? (notKept === 0 ? undefined : noRoom(teams, notKept));
    if (detail !== undefined) return { kind: 'incomplete', unread, detail, isAnswerOnly: false };
    if (isUnproven) return { kind: 'incomplete', unread, detail: nothingRead, isAnswerOnly: true };
    if (unread === 0) return durationMs === undefined ? undefined : { kind: 'complete', teams, durationMs };
    const isAnswerOnly = this.now - this.incompleteSince < this.lateMs;
    return { kind: 'incomplete', unread, detail: stillUnread(unread, listed), isAnswerOnly };
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}

const nothingRead =
  'The destination listed the teams, but did not return their routing rules yet. Known handles are kept.';

const stillUnread = (unread: number, listed: number) =>
  `The routing rules of ${unread} of ${listed} teams have not been read yet, because of the rate limit of the ` +
  'destination. Until then, the known handles of these teams are kept.';

const noRoom = (teams: number, notKept: number) =>
  `The destination has more on-call teams than the limit: the first ${teams} are kept, and ` +
  `${notKept} are dropped. Increase MAX_TEAMS of handle-sync, or remove teams from on-call.`;
