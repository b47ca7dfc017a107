import type { Caller } from '../../domain/audit.ts';
import type { KeyPair, Store } from '../ports.ts';
import type { Refusal } from '../refusal.ts';

/** A request with a key pair: its caller, its purpose and its target. */
export interface KeyUse {
  readonly caller: Caller;
  readonly wish: 'create' | 'rotate' | 'check';
  readonly sourceOrg: string;
  /** The id of the connection, or the source org if there is no connection yet. */
  readonly target: string;
  readonly dataCenter: string;
  readonly keys: KeyPair;
  readonly at: Date;
}

interface RefusedOutcome {
  readonly ok: false;
  readonly refusal: Refusal;
}

/**
 * Records in the audit that keys were refused, or were accepted and not stored, and returns the refusal: attempts with foreign keys can be
 * seen, and nobody learns without a trace that a pair is valid.
 *
 * The audit contains only the last characters of the keys.
 */
export async function keysUnstored(store: Store, outcome: RefusedOutcome, use: KeyUse): Promise<RefusedOutcome> {
  const failed = failedOf(outcome.refusal);
  if (failed.length === 0 && !wereAccepted(outcome.refusal)) return outcome;
  const { caller, wish, sourceOrg, target, dataCenter, at } = use;
  const [apiKeyLast4, applicationKeyLast4] = [use.keys.apiKey.slice(-4), use.keys.applicationKey.slice(-4)];
  const why = failed.length > 0 ? { failed } : { because: outcome.refusal.reason };
  const after = { wish, dataCenter, ...why, apiKeyLast4, applicationKeyLast4 };
  const action = failed.length > 0 ? 'credentials.refused' : 'credentials.not-stored';
  const entry = { ...caller, sourceOrg, action, target, before: null, after, at } as const;
  await store.transaction((unit) => unit.audit(entry));
  return outcome;
}

/** Returns the names of the failed checks; none if the refusal has another reason than the keys. */
function failedOf(refusal: Refusal): readonly string[] {
  if (refusal.reason === 'other-credential') return ['stored-keys'];
  if (refusal.reason !== 'credential-refused') return [];
  return refusal.checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
}

// The destination may accept a pair, and then not answer a later question about it. Any other reason comes after all checks.
const wereAccepted = (refusal: Refusal): boolean =>
  refusal.reason !== 'destination-unavailable' ||
  refusal.checks.some(({ name, result }) => name === 'key-pair' && result === 'passed');
