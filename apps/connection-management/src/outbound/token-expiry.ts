import type { Log } from '@pagebridge/vocabulary';
import type { ForgetTokens } from '../application/tokens/forget-tokens.use-case.ts';
import { Periodic } from './periodic.ts';

const everyMs = 10 * 60 * 1000;

/** Deletes expired API tokens periodically. */
export function tokenExpiry(forgetTokens: ForgetTokens, log: Log): Periodic {
  const forgetExpired = async () => {
    const tokens = await forgetTokens.run();
    if (tokens > 0) log.info({ tokens }, 'expired API tokens deleted');
  };
  return new Periodic(everyMs, 'deleting expired API tokens failed; retrying', forgetExpired, log);
}
