import type { Clock } from '@pagebridge/vocabulary';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import { type Connection, checkedAgain, type StoredCredential } from '../../domain/connection.ts';
import type { Check, KeyOwner } from '../../domain/credentials/check.ts';
import type { DataCenters, KeyPair, Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { type KeyCheck, unavailable } from './check-keys.ts';
import { dataCenterOf } from './data-center-of.ts';
import { isFingerprintOf } from './fingerprint.ts';
import { keysRefused } from './refused-keys.ts';

export interface CheckedConnection {
  readonly connection: Connection;
  readonly result: 'passed' | 'failed' | 'unknown';
  readonly checks: readonly Check[];
}

interface CheckOutcome {
  readonly result: 'passed' | 'failed';
  readonly checks: readonly Check[];
  /** Where they passed. */
  readonly owner: KeyOwner | undefined;
}

/**
 * Checks a connection's own keys again, given by the caller, since here they are only held sealed.
 *
 * A passed check makes the connection active and is published; a failed one makes it failing. Both are answers, not
 * refusals. Keys other than the stored ones are refused: they would say nothing of this connection.
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
    const { apiKeyLast4, applicationKeyLast4, revision } = connection.credential;
    if (!isPairOf(connection.credential, keys)) {
      const other = refused({ reason: 'other-credential', apiKeyLast4, applicationKeyLast4 });
      const use = { sourceOrg, target: id, dataCenter: connection.dataCenter, keys, at: this.clock.now() };
      return keysRefused(this.store, other, { ...use, caller, wish: 'check' });
    }
    const dataCenter = dataCenterOf(this.dataCenters, connection);
    if (!dataCenter.ok) return dataCenter;
    const verdict = await this.check.judge(dataCenter.value, keys, connection.destinationOrg);
    if (verdict.kind === 'unavailable') return unavailable(verdict);
    const owner = verdict.kind === 'passed' ? verdict : undefined;
    const outcome = { result: verdict.kind, checks: verdict.checks, owner };
    return this.save(connection, revision, outcome, caller);
  }

  private save(
    { sourceOrg, id }: Connection,
    revision: number,
    { owner, ...outcome }: CheckOutcome,
    caller: Caller,
  ): Promise<Outcome<CheckedConnection>> {
    return this.store.transaction(async (unit) => {
      const before = await unit.lockConnection(id, sourceOrg);
      if (!before) return refused({ reason: 'not-found', what: `connection ${id}` });
      // Rotated meanwhile: what was checked is no longer what is stored, so it is told but not kept.
      if (before.credential.revision !== revision) return carriedOut({ connection: before, ...outcome });
      const after = checkedAgain(before, { owner, checks: outcome.checks }, this.clock.now());
      await unit.updateConnection(after);
      await unit.audit({
        ...caller,
        sourceOrg,
        action: 'connection.checked',
        target: id,
        before: auditViewOf(before),
        after: auditViewOf(after),
        at: after.credential.checkedAt,
      });
      if (owner) await unit.publish({ kind: 'connection', connection: after });
      return carriedOut({ connection: after, ...outcome });
    });
  }
}

// Of a pair from before fingerprints were kept, the last characters are all that is known.
const isPairOf = ({ fingerprint, apiKeyLast4, applicationKeyLast4 }: StoredCredential, keys: KeyPair): boolean =>
  fingerprint === undefined
    ? keys.apiKey.endsWith(apiKeyLast4) && keys.applicationKey.endsWith(applicationKeyLast4)
    : isFingerprintOf(fingerprint, keys);
