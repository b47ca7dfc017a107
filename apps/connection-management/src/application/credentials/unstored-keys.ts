import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { isRefusal, type KeyPair, type Store } from '../ports.ts';
import { KeysRefused, KeysUnjudged } from './check-keys.ts';

/** A request with a key pair: its caller, its purpose and its target. */
export interface KeyUse {
  readonly caller: Caller;
  readonly purpose: 'create' | 'rotate' | 'check';
  readonly sourceOrg: string;
  /** The id of the connection, or the source org if there is no connection yet. */
  readonly target: string;
  readonly dataCenter: string;
  readonly keys: KeyPair;
}

/**
 * Does work that checks keys and stores them. If they are refused, or accepted and not stored, the audit says so before the refusal is
 * thrown: attempts with foreign keys can be seen, and nobody learns without a trace that a pair is valid.
 *
 * The audit contains only the last characters of the keys.
 */
export async function auditUnstored<T>(store: Store, clock: Clock, use: KeyUse, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error) && !(error instanceof KeysUnjudged && !error.areAccepted)) {
      const { caller, purpose, sourceOrg, target, dataCenter, keys } = use;
      const [apiKeyLast4, applicationKeyLast4] = [keys.apiKey.slice(-4), keys.applicationKey.slice(-4)];
      const isRefused = error instanceof KeysRefused;
      const why = isRefused ? { failed: error.failed } : { because: error.reason };
      const after = { purpose, dataCenter, ...why, apiKeyLast4, applicationKeyLast4 };
      const action = isRefused ? 'credentials.refused' : 'credentials.not-stored';
      const entry = { ...caller, sourceOrg, action, target, before: null, after, at: clock.now() } as const;
      await store.transaction((unit) => unit.audit(entry));
    }
    throw error;
  }
}
