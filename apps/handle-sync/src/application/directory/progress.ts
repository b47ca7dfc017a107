import type { LookResult } from '../ports.ts';
import type { SyncParts } from './directory-sync.ts';
import type { Look } from './look.ts';
import type { Outlook } from './reporting.ts';

/** What the look under way has shown so far. */
export interface Seen {
  readonly look: Look | undefined;
  /** Teams that it listed, and those of them whose rules are still to be read. */
  readonly listed: number;
  readonly unread: number;
}

/** How well a directory is known, and the telling of it. */
export class Progress {
  /** How long the last look took that saw all of it; undefined where none did. */
  private durationMs: number | undefined;
  private readonly startedAt: number;
  private incompleteSince: number;
  /** Why the last look is not the whole truth. */
  private trouble: string | undefined;

  constructor(
    private readonly directory: string,
    private readonly parts: SyncParts,
    /** What is still to be read is not reported before so long. */
    private readonly lateMs: number,
    /** When all of it was last seen, at first by its former owner; undefined where it never was. */
    private completeAt: string | undefined,
  ) {
    this.startedAt = this.now;
    this.incompleteSince = this.now;
  }

  get wasComplete(): boolean {
    return this.completeAt !== undefined;
  }

  /** Milliseconds since all of it was seen, or since this process owns it where it never was. */
  get stalenessMs(): number {
    if (this.completeAt === undefined) return this.now - this.startedAt;
    return this.parts.clock.now().getTime() - Date.parse(this.completeAt);
  }

  /** A list was read: what is in its way, if anything. */
  listed(trouble: string | undefined): void {
    this.trouble = trouble;
  }

  /** A look brought nothing. */
  failed(look: Pick<Look, 'startedAt' | 'waiting'>, detail: string | undefined): void {
    this.trouble = detail;
    this.ended('sync-failed', look);
  }

  ended(result: LookResult, { startedAt, waiting = new Set() }: Pick<Look, 'startedAt' | 'waiting'>): void {
    this.parts.reporting.expect(waiting);
    const durationMs = this.now - startedAt;
    this.parts.meter.looked(result, durationMs);
    if (result !== 'synced') this.parts.log.info({ directory: this.directory, result, durationMs }, 'look ended');
  }

  /** Writes the status and reports, where there is something to tell. */
  async tell(seen: Seen, signal: AbortSignal): Promise<void> {
    const { credentials, reporting, book, status } = this.parts;
    const { look, unread } = seen;
    if (look && unread === 0) this.read(look, this.trouble === undefined && book.left === 0);
    const teams = book.onCall;
    const complete = this.completeAt === undefined ? {} : { completeAt: this.completeAt };
    await status.write({ teams, unread, ...complete, refused: credentials.refused }, signal);
    await reporting.report(credentials, this.outlook(seen, teams), signal);
  }

  /** A look has read all that it can. */
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
  `The routing rules of ${unread} of ${listed} teams are still to be read, as fast as the destination's rate limit ` +
  'allows; what was known of them stays.';

const noRoom = (teams: number, left: number) =>
  `The destination has more teams on call than are kept of one directory: ${teams} are known, those known first, and ` +
  `${left} cannot be mentioned. Raise MAX_TEAMS of handle-sync, or take some off call.`;
