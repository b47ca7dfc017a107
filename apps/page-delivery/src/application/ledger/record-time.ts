import type { Clock } from '../ports.ts';

/** The time of the newest record of a partition that another process wrote, and what has passed since by the steady clock. */
export class RecordTime {
  /** The time of the newest record, less that of the steady clock when it was read. */
  private ahead: number;

  /** `newestAt`: in ms since the epoch; infinitely long ago without records. */
  constructor(
    private readonly clock: Clock,
    newestAt: number,
  ) {
    this.ahead = newestAt - clock.elapsedMs();
  }

  saw(time: string): void {
    const ahead = Date.parse(time) - this.clock.elapsedMs();
    if (ahead > this.ahead) this.ahead = ahead;
  }

  /** Never later than the clock says. Invalid before the first record. */
  now(): Date {
    return new Date(Math.min(this.ahead + this.clock.elapsedMs(), this.clock.now().getTime()));
  }
}
