import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type Connection, checkedAgain, type StoredCredential } from '../../domain/connection.ts';
import type { Check, CheckVerdict } from '../../domain/credentials/check.ts';
import { staying } from '../connections/locked-connection.ts';
import { storeChange } from '../connections/store-change.ts';
import { found } from '../found.ts';
import type { DataCenters, KeyPair, Store } from '../ports.ts';
import { problems } from '../problems.ts';
import { type Announce, type KeyCheck, KeysRefused } from './check-keys.ts';
import { dataCenterOf } from './data-center-of.ts';
import { isFingerprintOf } from './fingerprint.ts';
import { auditUnstored } from './unstored-keys.ts';

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
    announce: Announce,
  ): Promise<CheckedConnection> {
    const connection = staying(found(await this.store.connection(sourceOrg, id), `connection ${id}`));
    if (!isFingerprintOf(connection.credential.fingerprint, keys)) {
      const use = { caller, purpose: 'check', sourceOrg, target: id, dataCenter: connection.dataCenter, keys } as const;
      return auditUnstored(this.store, this.clock, use, () => Promise.reject(otherKeys(connection.credential)));
    }
    const dataCenter = dataCenterOf(this.dataCenters, connection.dataCenter);
    const verdict = await this.check.judge(dataCenter, keys, announce, connection.destinationOrg);
    return this.save(connection, verdict, caller);
  }

  private save(
    { sourceOrg, id, credential }: Connection,
    verdict: Exclude<CheckVerdict, { kind: 'unavailable' }>,
    caller: Caller,
  ): Promise<CheckedConnection> {
    const { kind: result, checks } = verdict;
    return this.store.transaction(async (unit) => {
      const before = found(await unit.lockConnection(id, sourceOrg), `connection ${id}`);
      // The keys were rotated meanwhile: the result describes the former pair, so it is returned but not stored.
      if (before.credential.revision !== credential.revision) return { connection: before, result, checks };
      const now = this.clock.now();
      const after = checkedAgain(before, verdict, now);
      await storeChange(unit, { action: 'connection.checked', before, after, at: now }, caller);
      return { connection: after, result, checks };
    });
  }
}

function otherKeys({ apiKeyLast4, applicationKeyLast4 }: StoredCredential): KeysRefused {
  const cure = 'Send the stored keys, or no keys. To store new keys, use PUT …/credentials.';
  const detail = `The keys in the request differ from the stored keys, which end in ${apiKeyLast4} and ${applicationKeyLast4}.`;
  const errors = [{ field: 'apiKey', message: 'apiKey and applicationKey differ from the stored keys', cure }];
  return new KeysRefused({ ...problems['other-credential'], detail, errors }, ['stored-keys']);
}
