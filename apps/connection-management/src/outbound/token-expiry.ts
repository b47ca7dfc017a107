import type { Log } from '@pagebridge/vocabulary';
import type { ForgetTokens } from '../application/tokens/forget-tokens.use-case.ts';
import { Periodic } from './periodic.ts';

const lookEveryMs = 10 * 60 * 1000;

/** Has expired API tokens forgotten, again and again. */
export class TokenExpiry extends Periodic {
  constructor(
    private readonly forgetTokens: ForgetTokens,
    log: Log,
  ) {
    super(lookEveryMs, 'expired API tokens could not be forgotten', log);
  }

  protected async look(): Promise<void> {
    const tokens = await this.forgetTokens.run();
    if (tokens > 0) this.log.info({ tokens }, 'API tokens that expired are forgotten');
  }
}
