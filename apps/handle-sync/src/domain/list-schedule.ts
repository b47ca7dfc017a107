export interface ScheduleSettings {
  /** Between two lists of the teams that nobody asks for, jittered by up to a tenth more. */
  readonly intervalMs: number;
  /** After a first failure; doubles with each further one, up to the interval. */
  readonly retryMs: number;
  /** Least time between a list and the next one that somebody asks for. */
  readonly gapMs: number;
}

/**
 * When the teams of a directory are listed: now and then by itself, and where somebody asks. Times in ms of a steady clock.
 *
 * A list that is asked for moves no other: only one that was due by itself is evidence that a team is gone, and who asks
 * again and again must not keep teams that are deleted.
 */
export class ListSchedule {
  private dueByItselfAt = 0;
  private askedForAt = Number.POSITIVE_INFINITY;
  private listedAt = Number.NEGATIVE_INFINITY;
  private wasDueByItself = false;
  private failures = 0;

  constructor(
    private readonly settings: ScheduleSettings,
    private readonly random: () => number,
  ) {}

  get dueAt(): number {
    return Math.min(this.dueByItselfAt, this.askedForAt);
  }

  /** The first list may come at any time within the interval, so that those of many directories are spread. */
  spread(now: number): void {
    this.dueByItselfAt = now + this.random() * this.settings.intervalMs;
  }

  /** Something else than time makes a list due, that nobody asks for. */
  hurry(now: number): void {
    this.dueByItselfAt = Math.min(this.dueByItselfAt, now);
  }

  ask(now: number): void {
    this.askAgain(Math.max(now, this.listedAt + this.settings.gapMs));
  }

  /** The same where the list that was asked for could not be had, as with a credential that was refused. */
  askAgain(at: number): void {
    this.askedForAt = Math.min(this.askedForAt, at);
  }

  /** A list begins, also for those who ask. Answers whether it was due by itself, too. */
  begin(now: number): boolean {
    this.wasDueByItself = this.dueByItselfAt <= now;
    // Only later, so that no minute has more of these than one.
    if (this.wasDueByItself) this.dueByItselfAt = now + this.settings.intervalMs * (1 + 0.1 * this.random());
    this.askedForAt = Number.POSITIVE_INFINITY;
    this.listedAt = now;
    return this.wasDueByItself;
  }

  /** What began last failed; `isWaitedFor`: those who asked for it were not told, and it is made for them again. */
  failed(now: number, isWaitedFor: boolean): void {
    const { retryMs, intervalMs } = this.settings;
    const pauseMs = Math.min(retryMs * 2 ** Math.min(this.failures, 20), intervalMs);
    this.failures += 1;
    const againAt = now + pauseMs * (0.8 + 0.4 * this.random());
    if (this.wasDueByItself) this.dueByItselfAt = againAt;
    else if (isWaitedFor) this.askAgain(againAt);
    else this.hurry(againAt);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
