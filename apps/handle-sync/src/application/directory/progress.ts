import type { LookResult } from '../ports.ts';
import type { SyncParts } from './directory-sync.ts';
import type { Look } from './look.ts';
import type { Outlook } from './reporting.ts';

/** The state of the current sync. */
export interface Seen {
  readonly look: Look | undefined;
  /** The number of teams that were listed, and of those among them whose rules have not been read. */
  readonly listed: number;
  readonly unread: number;
}

/** Tracks how completely a directory is known, and publishes its status and reports. */
export class Progress {
  /** The duration of the last complete sync; undefined if there was none. */
  private durationMs: number | undefined;
  private readonly startedAt: number;
  private incompleteSince: number;
  /** Why the last list or sync was incomplete. */
  private trouble: string | undefined;

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
  listed(trouble: string | undefined): void {
    this.trouble = trouble;
  }

  /** Records a failed sync. */
  failed(look: Pick<Look, 'startedAt' | 'waiting'>, detail: string | undefined): void {
    this.trouble = detail;
    this.ended('sync-failed', look);
  }

  ended(result: LookResult, { startedAt, waiting = new Set() }: Pick<Look, 'startedAt' | 'waiting'>): void {
    this.parts.reporting.expect(waiting);
    const durationMs = this.now - startedAt;
    this.parts.meter.looked(result, durationMs);
    if (result !== 'synced') this.parts.log.info({ directory: this.directory, result, durationMs }, 'sync ended');
  }

  /** Publishes the status and the reports that are due. */
  async tell(seen: Seen, signal: AbortSignal): Promise<void> {
    const { credentials, reporting, book, status } = this.parts;
    const { look, unread } = seen;
    if (look && unread === 0) this.read(look, this.trouble === undefined && book.left === 0);
    const teams = book.onCall;
    const complete = this.completeAt === undefined ? {} : { completeAt: this.completeAt };
    await status.write({ teams, unread, ...complete, refused: credentials.refused }, signal);
    await reporting.report(credentials, this.outlook(seen, teams), signal);
  }

  /** Records that the current sync has no unread teams. `isComplete`: nothing else is missing either. */
  private read(look: Look, isWhole: boolean): void {
    if (isWhole) this.incompleteSince = this.now;
    if (look.isAnswered) return;
    if (isWhole) {
      this.completeAt = this.parts.clock.now().toISOString();
      this.durationMs = this.now - look.startedAt;
    }
    this.ended(isWhole ? 'synced' : 'sync-failed', look);
    look.isAnswered = true;
  }

  private outlook({ unread, listed }: Seen, teams: number): Outlook | undefined {
    const { durationMs } = this;
    const { left } = this.parts.book;
    const detail = this.trouble ?? (left === 0 ? undefined : noRoom(teams, left));
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

const noRoom = (teams: number, left: number) =>
  `The destination has more teams on call than one directory may have: the first ${teams} are kept, and ` +
  `${left} cannot be mentioned. Raise MAX_TEAMS of handle-sync, or take teams off call.`;
