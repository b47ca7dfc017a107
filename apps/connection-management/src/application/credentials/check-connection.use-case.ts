import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type Connection, checkedAgain, type StoredCredential } from '../../domain/connection.ts';
import type { Check, CheckVerdict } from '../../domain/credentials/check.ts';
import { storeChange } from '../connections/store-change.ts';
import type { DataCenters, KeyPair, Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { type KeyCheck, unavailable } from './check-keys.ts';
import { dataCenterOf } from './data-center-of.ts';
import { isFingerprintOf } from './fingerprint.ts';
import { keysUnstored } from './unstored-keys.ts';

export interface CheckedConnection {
  readonly connection: Connection;
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly checks: readonly Check[];
}

/**
 * Checks the stored keys of a connection again. The caller gives the keys, since this service holds them only sealed.
 *
 * A passed check makes the connection active and is published; a failed check makes it failing. Both are answers, not refusals.
 * Keys other than the stored ones are refused: their result would not describe this connection.
 */
export class CheckConnection {
  constructor(
    private readonly store: Store,
    private readonly dataCenters: DataCenters,
    private readonly check: KeyCheck,
    private readonly clock: Clock,
  ) {}

  async run(
    { sourceOrg, id }: { readonly sourceOrg: string; readonly id: string },
    keys: KeyPair,
    caller: Caller,
  ): Promise<Outcome<CheckedConnection>> {
    const connection = await this.store.connection(sourceOrg, id);
    if (!connection) return refused({ reason: 'not-found', what: `connection ${id}` });
    if (connection.deletion) return refused({ reason: 'connection-deleting', name: connection.name });
    const { apiKeyLast4, applicationKeyLast4 } = connection.credential;
    if (!isPairOf(connection.credential, keys)) {
      const other = refused({ reason: 'other-credential', apiKeyLast4, applicationKeyLast4 });
      const use = { sourceOrg, target: id, dataCenter: connection.dataCenter, keys, at: this.clock.now() };
      return keysUnstored(this.store, other, { ...use, caller, wish: 'check' });
    }
    const dataCenter = dataCenterOf(this.dataCenters, connection.dataCenter);
    if (!dataCenter.ok) return dataCenter;
    const verdict = await this.check.judge(dataCenter.value, keys, connection.destinationOrg);
    if (verdict.kind === 'unavailable') return unavailable(verdict);
    return this.save(connection, verdict, caller);
  }

  private save(
    { sourceOrg, id, credential }: Connection,
    verdict: Exclude<CheckVerdict, { kind: 'unavailable' }>,
    caller: Caller,
  ): Promise<Outcome<CheckedConnection>> {
    const { kind: result, checks } = verdict;
    return this.store.transaction(async (unit) => {
      const before = await unit.lockConnection(id, sourceOrg);
      if (!before) return refused({ reason: 'not-found', what: `connection ${id}` });
      // The keys were rotated meanwhile: the result describes the former pair, so it is returned but not stored.
      if (before.credential.revision !== credential.revision) return carriedOut({ connection: before, result, checks });
      const now = this.clock.now();
      const after = checkedAgain(before, verdict, now);
      await storeChange(unit, { action: 'connection.checked', before, after, at: now }, caller);
      return carriedOut({ connection: after, result, checks });
    });
  }
}

// A pair from before fingerprints were stored can only be compared by its last characters.
const isPairOf = ({ fingerprint, apiKeyLast4, applicationKeyLast4 }: StoredCredential, keys: KeyPair): boolean =>
  fingerprint === undefined
    ? keys.apiKey.endsWith(apiKeyLast4) && keys.applicationKey.endsWith(applicationKeyLast4)
    : isFingerprintOf(fingerprint, keys);
