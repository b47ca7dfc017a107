import { Problem, type ProblemDetails } from '@pagebridge/service';
import type { Clock, DataCenter } from '@pagebridge/vocabulary';
import type { Connection } from '../../domain/connection.ts';
import type { Check, CheckVerdict, KeyOwner } from '../../domain/credentials/check.ts';
import { judgeCredential, judgedChecks } from '../../domain/credentials/judge-credential.ts';
import type { Destinations, KeyPair } from '../ports.ts';
import { problems } from '../problems.ts';
import { gatherFacts } from './gather-facts.ts';

/** How long to wait before a retry if the destination does not say. */
const defaultRetryAfterMs = 5000;

/**
 * The deadline of all calls of one check. Together with the pause before a refused key is tried again, and with the database
 * work around the check, a request is answered within 20 seconds.
 */
const checkWithinMs = 18_000;

/** Keys are refused: by their destination, or because they are not the stored ones. */
export class KeysRefused extends Problem {
  constructor(
    details: ProblemDetails,
    /** The names of the checks that failed. */
    readonly failed: readonly string[],
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(details, extra);
  }
}

/** The destination did not answer every question about keys. */
export class KeysUnjudged extends Problem {
  /** Whether it has accepted them nevertheless. */
  readonly areAccepted: boolean;

  constructor({ cause, detail: why, checks, retryAfterMs = defaultRetryAfterMs }: Unavailable) {
    const detail = `The keys could not be checked: ${why}. Nothing was stored. Retry the request.`;
    const kind = problems[cause === 'bad-answer' ? 'destination-bad-answer' : 'destination-unavailable'];
    super({ ...kind, detail }, { checks, retriable: true, retryAfterMs }, 'destination-unavailable');
    this.areAccepted = checks.some(({ name, result }) => name === 'key-pair' && result === 'passed');
  }
}

type Unavailable = Extract<CheckVerdict, { kind: 'unavailable' }>;

/** Is called once with each check of a key pair, as soon as its result is known. */
export type Announce = (check: Check) => void;

/** Checks key pairs against their destination, within a deadline. Stores nothing. */
export class KeyCheck {
  constructor(
    private readonly destinations: Destinations,
    private readonly clock: Clock,
    private readonly withinMs = checkWithinMs,
  ) {}

  /** Throws KeysUnjudged if the destination does not answer. */
  async judge(
    dataCenter: DataCenter,
    keys: KeyPair,
    announce: Announce,
    org?: Connection['destinationOrg'],
  ): Promise<Exclude<CheckVerdict, Unavailable>> {
    const signal = AbortSignal.timeout(this.withinMs);
    const destination = this.destinations.open(dataCenter, keys, signal);
    const tell = oncePerCheck(announce);
    const facts = await gatherFacts(destination, keys, this.clock, (known) =>
      tell(judgedChecks(judgeCredential(known, org))),
    );
    const verdict = judgeCredential(facts, org);
    tell(verdict.checks);
    if (verdict.kind === 'unavailable') throw new KeysUnjudged(verdict);
    return verdict;
  }

  /** Returns the owner and the checks of a pair that passes. Any other result is thrown, with every check. */
  async demand(
    dataCenter: DataCenter,
    keys: KeyPair,
    announce: Announce,
    org?: Connection['destinationOrg'],
  ): Promise<KeyOwner & { readonly checks: readonly Check[] }> {
    const verdict = await this.judge(dataCenter, keys, announce, org);
    if (verdict.kind === 'failed') throw refused(verdict.checks);
    return verdict;
  }
}

function oncePerCheck(announce: Announce): (checks: readonly Check[]) => void {
  const announced = new Set<string>();
  return (checks) => {
    for (const check of checks) {
      if (!announced.has(check.name)) announce(check);
      announced.add(check.name);
    }
  };
}

function refused(checks: readonly Check[]): KeysRefused {
  const failed = checks.filter(({ result }) => result === 'failed');
  const errors = failed.map(({ name, detail, cure = '' }) => {
    return { field: name === 'api-key' ? 'apiKey' : 'applicationKey', message: `${name}: ${detail}`, cure };
  });
  const detail = `${errors.map(({ message }) => message).join('; ')}. Nothing was stored.`;
  const names = failed.map(({ name }) => name);
  return new KeysRefused({ ...problems['credential-refused'], detail, errors }, names, { checks });
}
