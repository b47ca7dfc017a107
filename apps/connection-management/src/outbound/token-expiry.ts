import type { Log } from '@pagebridge/vocabulary';
import type { ForgetTokens } from '../application/tokens/forget-tokens.use-case.ts';

const lookEveryMs = 10 * 60 * 1000;

/** Has expired API tokens forgotten, again and again. */
export class TokenExpiry {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly forgetTokens: ForgetTokens,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
    void this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      const tokens = await this.forgetTokens.run();
      if (tokens > 0) this.log.info({ tokens }, 'API tokens that expired are forgotten');
    } catch (error) {
      // They are as due at the next look.
      this.log.warn({ cause: String(error) }, 'expired API tokens could not be forgotten');
    }
  }
}
