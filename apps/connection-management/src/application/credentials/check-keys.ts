import type { Clock, DataCenter } from '@pagebridge/vocabulary';
import type { Connection } from '../../domain/connection.ts';
import type { Check, CheckVerdict, KeyOwner } from '../../domain/credentials/check.ts';
import { judgeCredential } from '../../domain/credentials/judge-credential.ts';
import type { Destinations, KeyPair } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { gatherFacts } from './gather-facts.ts';

/** How long to wait before a retry if the destination does not say. */
const defaultRetryAfterMs = 5000;

/**
 * The deadline of all calls of one check. Together with the pause before a refused key is tried again, and with the database
 * work around the check, a request is answered within 20 seconds.
 */
const checkWithinMs = 18_000;

/** Checks key pairs against their destination, within a deadline. Stores nothing. */
export class KeyCheck {
  constructor(
    private readonly destinations: Destinations,
    private readonly clock: Clock,
    private readonly withinMs = checkWithinMs,
  ) {}

  async judge(dataCenter: DataCenter, keys: KeyPair, org?: Connection['destinationOrg']): Promise<CheckVerdict> {
    const signal = AbortSignal.timeout(this.withinMs);
    const destination = this.destinations.open(dataCenter, keys, signal);
    return judgeCredential(await gatherFacts(destination, keys, this.clock), org);
  }

  /** Returns the owner and the checks of a pair that passes. Any other result is a refusal that lists every check. */
  async demand(
    dataCenter: DataCenter,
    keys: KeyPair,
    org?: Connection['destinationOrg'],
  ): Promise<Outcome<KeyOwner & { readonly checks: readonly Check[] }>> {
    const verdict = await this.judge(dataCenter, keys, org);
    if (verdict.kind === 'passed') return carriedOut(verdict);
    if (verdict.kind === 'failed') return refused({ reason: 'credential-refused', checks: verdict.checks });
    return unavailable(verdict);
  }
}

export const unavailable = (verdict: Extract<CheckVerdict, { kind: 'unavailable' }>) =>
  refused({
    reason: 'destination-unavailable',
    cause: verdict.cause,
    detail: verdict.detail,
    checks: verdict.checks,
    retryAfterMs: verdict.retryAfterMs ?? defaultRetryAfterMs,
  });
