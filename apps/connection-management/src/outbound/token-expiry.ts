import type { Log } from '@pagebridge/vocabulary';
import type { ForgetTokens } from '../application/tokens/forget-tokens.use-case.ts';
import { Periodic } from './periodic.ts';

const lookEveryMs = 10 * 60 * 1000;

/** Has expired API tokens forgotten, again and again. */
export function tokenExpiry(forgetTokens: ForgetTokens, log: Log): Periodic {
  const look = async () => {
    const tokens = await forgetTokens.run();
    if (tokens > 0) log.info({ tokens }, 'API tokens that expired are forgotten');
  };
  return new Periodic(lookEveryMs, 'expired API tokens could not be forgotten', look, log);
}
