import type { Log } from '@pagebridge/vocabulary';

/** Looks now and again whether something is due; what could not be done is told, and is as due at the next look. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly everyMs: number,
    /** What is told where a look fails. */
    private readonly failure: string,
    private readonly look: () => Promise<void>,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.tryToLook(), this.everyMs).unref();
    void this.tryToLook();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async tryToLook(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.log.warn({ cause: String(error) }, this.failure);
    }
  }
}
