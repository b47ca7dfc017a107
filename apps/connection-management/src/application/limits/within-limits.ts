import type { Clock } from '@pagebridge/vocabulary';
import {
  type CountedRequest,
  countersOf,
  countsRefusals,
  type Limits,
  type Owners,
  type Standing,
} from '../../domain/limits.ts';
import type { Counters } from '../ports.ts';
import { type Outcome, refused } from '../refusal.ts';

export interface Limited<T> {
  readonly outcome: Outcome<T>;
  readonly standings: readonly Standing[];
}

interface Request extends CountedRequest {
  readonly owners: Owners;
}

/**
 * Runs requests within their rate limits.
 *
 * A request takes from its counters before it runs, and they stay taken, whatever becomes of it: it may have cost calls of a destination.
 * Only a pair of keys that is not refused is given back. If it counted afterwards, a caller could try a thousand key pairs in a
 * thousand simultaneous requests.
 */
export class WithinLimits {
  constructor(
    private readonly limits: Limits,
    private readonly counters: Counters,
    private readonly clock: Clock,
  ) {}

  /** Runs `work`. If it rejects, its pair of keys stays reserved for a while, because it may have been refused. */
  async run<T extends object>({ owners, ...request }: Request, work: () => Promise<Outcome<T>>): Promise<Limited<T>> {
    const taken = await this.counters.take(countersOf(this.limits, owners, request));
    const exhausted = taken.find(({ left }) => left < 0);
    if (exhausted) {
      const retryAfterMs = Math.max(exhausted.endsAt.getTime() - this.clock.now().getTime(), 1);
      const outcome = refused({ reason: 'limit-reached', limit: exhausted, retryAfterMs });
      return { outcome, standings: await this.settle(taken, false) };
    }
    const outcome = await work();
    return { outcome, standings: await this.settle(taken, areKeysRefused(outcome)) };
  }

  private async settle(taken: readonly Standing[], areRefused: boolean): Promise<readonly Standing[]> {
    const reserved = taken.filter(countsRefusals);
    if (reserved.length > 0) await this.counters.settle(reserved, areRefused);
    const isBack = (standing: Standing) => countsRefusals(standing) && !areRefused;
    return taken.map((its) => ({ ...its, left: Math.max(isBack(its) ? its.left + 1 : its.left, 0) }));
  }
}

// Keys other than the stored ones are sent nowhere, but the answer still tells the caller whether they are the stored ones.
const areKeysRefused = (outcome: Outcome<object>): boolean =>
  outcome.ok
    ? 'result' in outcome.value && outcome.value.result === 'failed'
    : outcome.refusal.reason === 'credential-refused' || outcome.refusal.reason === 'other-credential';
