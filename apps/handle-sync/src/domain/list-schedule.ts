export interface ScheduleSettings {
  /** The time between two regular lists, without up to a tenth of jitter. */
  readonly intervalMs: number;
  /** The wait after a first failure; doubles with each further failure, up to the interval. */
  readonly retryMs: number;
  /** The minimum time between a list and the next requested one. */
  readonly gapMs: number;
}

/**
 * Decides when the teams of a directory are listed: regularly, and on request. Times are in milliseconds of a monotonic clock.
 *
 * A requested list does not move a regular one: only a regular list is evidence that a team is gone, and repeated requests must
 * not keep deleted teams.
 */
export class ListSchedule {
  private regularAt = 0;
  private requestedAt = Number.POSITIVE_INFINITY;
  private listedAt = Number.NEGATIVE_INFINITY;
  private wasRegular = false;
  private failures = 0;

  constructor(
    private readonly settings: ScheduleSettings,
    private readonly random: () => number,
  ) {}

  get dueAt(): number {
    return Math.min(this.regularAt, this.requestedAt);
  }

  /** Delays the first list by a random part of the interval, so that the lists of many directories are spread. */
  spread(now: number): void {
    this.regularAt = now + this.random() * this.settings.intervalMs;
  }

  /** Makes a regular list due at `now` at the latest, for another reason than the interval. */
  makeDue(now: number): void {
    this.regularAt = Math.min(this.regularAt, now);
  }

  request(now: number): void {
    this.requestAgain(Math.max(now, this.listedAt + this.settings.gapMs));
  }

  /** Requests a list again that failed, for example because the credential was refused. Ignores the gap. */
  requestAgain(at: number): void {
    this.requestedAt = Math.min(this.requestedAt, at);
  }

  /** Records that a list begins, which also serves all requests. Returns whether a regular list was due. */
  begin(now: number): boolean {
    this.wasRegular = this.regularAt <= now;
    // A regular list is moved only when it begins, so that each interval has at most one.
    if (this.wasRegular) this.regularAt = now + this.settings.intervalMs * (1 + 0.1 * this.random());
    this.requestedAt = Number.POSITIVE_INFINITY;
    this.listedAt = now;
    return this.wasRegular;
  }

  /** Records that the last list or sync failed. `isWaitedFor`: its requests are unanswered, so it is repeated. */
  failed(now: number, isWaitedFor: boolean): void {
    const { retryMs, intervalMs } = this.settings;
    const pauseMs = Math.min(retryMs * 2 ** Math.min(this.failures, 20), intervalMs);
    this.failures += 1;
    const retryAt = now + pauseMs * (0.8 + 0.4 * this.random());
    if (this.wasRegular) this.regularAt = retryAt;
    else if (isWaitedFor) this.requestAgain(retryAt);
    else this.makeDue(retryAt);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
