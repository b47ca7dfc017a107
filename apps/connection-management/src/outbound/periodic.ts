import type { Log } from '@pagebridge/vocabulary';

/** Runs work periodically, one run at a time. A failure is logged, and the work runs again at the next time. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

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
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      await this.work();
    } catch (error) {
      this.log.warn({ cause: String(error) }, this.failure);
    } finally {
      this.isRunning = false;
    }
  }
}
