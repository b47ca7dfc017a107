import type { Log } from '@pagebridge/vocabulary';

/** Runs work periodically. A failure is logged, and the work runs again at the next time. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly everyMs: number,
    /** The log message of a failure. */
    private readonly failure: string,
    private readonly work: () => Promise<void>,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.run(), this.everyMs).unref();
    void this.run();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.log.warn({ cause: String(error) }, this.failure);
    }
  }
}
