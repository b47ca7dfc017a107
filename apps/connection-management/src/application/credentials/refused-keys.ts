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
 * Records a refusal in the audit if the keys were refused, so that attempts with foreign keys can be seen, and returns it.
 *
 * The audit contains only the last characters of the keys.
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

/** Returns the names of the failed checks; none if the refusal has another reason than the keys. */
function failedOf(refusal: Refusal): readonly string[] {
  if (refusal.reason === 'other-credential') return ['stored-keys'];
  if (refusal.reason !== 'credential-refused') return [];
  return refusal.checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
}
