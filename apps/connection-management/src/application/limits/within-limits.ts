import type { Clock } from '@pagebridge/vocabulary';
import {
  type CountedRequest,
  type Counter,
  countersOf,
  isSpent,
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
 * Has something done that may be done only so often.
 *
 * Everything is taken before and given back after where it does not count: were it counted after, who asks a thousand
 * times at once could try a thousand pairs of keys.
 */
export class WithinLimits {
  constructor(
    private readonly limits: Limits,
    private readonly counters: Counters,
    private readonly clock: Clock,
  ) {}

  /** What rejects stays taken: nobody knows how far it came. */
  async run<T extends object>({ owners, ...request }: Request, work: () => Promise<Outcome<T>>): Promise<Limited<T>> {
    const taken = await this.counters.take(countersOf(this.limits, owners, request));
    const exhausted = taken.find(({ left }) => left < 0);
    if (exhausted) {
      const retryAfterMs = Math.max(exhausted.endsAt.getTime() - this.clock.now().getTime(), 1);
      const outcome = refused({ reason: 'limit-reached', limit: exhausted, retryAfterMs });
      return { outcome, standings: await this.settle(taken, () => false) };
    }
    const outcome = await work();
    const result = { isDone: outcome.ok, areKeysRefused: areKeysRefused(outcome) };
    return { outcome, standings: await this.settle(taken, (counter) => isSpent(counter, result)) };
  }

  private async settle(taken: readonly Standing[], spent: (counter: Counter) => boolean): Promise<readonly Standing[]> {
    await this.counters.settle(taken, spent);
    return taken.map((its) => ({ ...its, left: Math.max(spent(its) ? its.left : its.left + 1, 0) }));
  }
}

// Keys that are not the stored ones were not sent anywhere, and still whoever tries them learns whether they are.
const areKeysRefused = (outcome: Outcome<object>): boolean =>
  outcome.ok
    ? 'result' in outcome.value && outcome.value.result === 'failed'
    : outcome.refusal.reason === 'credential-refused' || outcome.refusal.reason === 'other-credential';
