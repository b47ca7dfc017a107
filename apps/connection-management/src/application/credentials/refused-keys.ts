import type { Caller } from '../../domain/audit.ts';
import type { KeyPair, Store } from '../ports.ts';
import type { Refusal } from '../refusal.ts';

/** Who wanted to do what with a pair of keys. */
export interface KeyUse {
  readonly caller: Caller;
  readonly wish: 'create' | 'rotate' | 'check';
  readonly sourceOrg: string;
  /** The connection's id, or the source org where there is none yet. */
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
 * The same refusal, once it is in the audit if it is one of the keys: whoever tries keys that are not theirs is seen.
 *
 * Of the keys their last characters are kept.
 */
export async function keysRefused(store: Store, outcome: RefusedOutcome, use: KeyUse): Promise<RefusedOutcome> {
  const failed = failedOf(outcome.refusal);
  if (failed.length === 0) return outcome;
  const { caller, wish, sourceOrg, target, dataCenter, at } = use;
  const [apiKeyLast4, applicationKeyLast4] = [use.keys.apiKey.slice(-4), use.keys.applicationKey.slice(-4)];
  const after = { wish, dataCenter, failed, apiKeyLast4, applicationKeyLast4 };
  const entry = { ...caller, sourceOrg, target, before: null, after, at };
  await store.transaction((unit) => unit.audit({ ...entry, action: 'credentials.refused' }));
  return outcome;
}

/** The names of the checks that failed; none where the keys are not what was refused. */
function failedOf(refusal: Refusal): readonly string[] {
  if (refusal.reason === 'other-credential') return ['stored-keys'];
  if (refusal.reason !== 'credential-refused') return [];
  return refusal.checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
}
