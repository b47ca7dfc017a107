import { Denial } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import {
  type CountedRequest,
  countersOf,
  countsRefusals,
  type LimitName,
  type Limits,
  type Owners,
  type Standing,
} from '../../domain/limits.ts';
import { KeysRefused } from '../credentials/check-keys.ts';
import { type Counters, isRefusal } from '../ports.ts';
import { problems } from '../problems.ts';

interface Request extends CountedRequest {
  readonly owners: Owners;
  /** Called with the state of the counters before the request is answered. */
  readonly tell: (standings: readonly Standing[]) => void;
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

  /** Runs `work`. If it fails and is not refused, its pair of keys stays reserved for a while, because it may have been refused. */
  async run<T extends object | undefined>({ owners, tell, ...request }: Request, work: () => Promise<T>): Promise<T> {
    const taken = await this.counters.acquire(countersOf(this.limits, owners, request));
    const release = async (areRefused: boolean) => tell(await this.release(taken, areRefused));
    try {
      const exhausted = taken.find(({ left }) => left < 0);
      if (exhausted) throw limitReached(exhausted, this.clock.now());
      const done = await work();
      // Keys other than the stored ones are sent nowhere, but the answer still tells the caller whether they are the stored ones.
      await release(done !== undefined && 'result' in done && done.result === 'failed');
      return done;
    } catch (error) {
      if (isRefusal(error)) await release(error instanceof KeysRefused);
      throw error;
    }
  }

  private async release(taken: readonly Standing[], areRefused: boolean): Promise<readonly Standing[]> {
    const reserved = taken.filter(countsRefusals);
    if (reserved.length > 0) await this.counters.release(reserved, areRefused);
    const isBack = (standing: Standing) => countsRefusals(standing) && !areRefused;
    return taken.map((its) => ({ ...its, left: Math.max(isBack(its) ? its.left + 1 : its.left, 0) }));
  }
}

const counted: Readonly<Record<LimitName, string>> = {
  'refused-keys': 'key pairs of one caller may be rejected',
  rotations: 'rotations may be requested by one caller',
  'added-connections': 'connections may be added in one source org',
  'made-tokens': 'API tokens may be created by one caller',
  changes: 'changes may be requested by one caller',
  checks: 'checks may be requested in one source org',
  syncs: 'syncs may be requested in one source org',
};

function limitReached({ name: limit, most, windowSeconds, endsAt }: Standing, now: Date): Denial {
  const retryAfterMs = Math.max(endsAt.getTime() - now.getTime(), 1);
  const bound = `At most ${most} ${counted[limit]} in ${windowSeconds === 60 ? 'a minute' : 'an hour'}`;
  const detail = `${bound}. No destination was called, and nothing was stored. Retry in ${Math.ceil(retryAfterMs / 1000)} s.`;
  return new Denial({ ...problems['limit-reached'], detail }, { limit, retriable: true, retryAfterMs });
}
