import { type SealingKey, seal } from '@pagebridge/sealed-credentials';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type AcceptedCredential, type Connection, rotated } from '../../domain/connection.ts';
import type { KeyOwner } from '../../domain/credentials/check.ts';
import { lockedConnection, seenVersion, staying, type Target } from '../connections/locked-connection.ts';
import { storeChange } from '../connections/store-change.ts';
import type { DataCenters, KeyPair, Store } from '../ports.ts';
import type { Announce, KeyCheck } from './check-keys.ts';
import { dataCenterOf } from './data-center-of.ts';
import { fingerprintOf } from './fingerprint.ts';
import { auditUnstored } from './unstored-keys.ts';

/**
 * Replaces the keys of a connection once the new pair passes every check; until then the old pair stays in use.
 *
 * The acceptance by the destination does not prove that handle-sync and page-delivery can open the new seal. So the old pair is
 * kept until one of them has used the new one.
 */
export class RotateCredentials {
  constructor(
    private readonly store: Store,
    private readonly dataCenters: DataCenters,
    private readonly check: KeyCheck,
    private readonly sealingKey: SealingKey,
    private readonly clock: Clock,
  ) {}

  async run(target: Target, keys: KeyPair, caller: Caller, announce: Announce): Promise<Connection> {
    // The version is checked before the destination is called, and again later under a lock: no transaction waits for a call.
    const { sourceOrg, id, ifMatch } = target;
    const known = staying(seenVersion(await this.store.connection(sourceOrg, id), id, ifMatch));
    const dataCenter = dataCenterOf(this.dataCenters, known.dataCenter);
    const use = { caller, purpose: 'rotate', sourceOrg, target: id, dataCenter: known.dataCenter, keys } as const;
    return auditUnstored(this.store, this.clock, use, async () => {
      const owner = await this.check.demand(dataCenter, keys, announce, known.destinationOrg);
      const { destinationOrg, checks } = owner;
      const binding = { connectionId: id, sourceOrg, dataCenter: known.dataCenter, destinationOrg };
      const accepted = {
        sealed: await seal(this.sealingKey, binding, keys),
        apiKeyLast4: keys.apiKey.slice(-4),
        applicationKeyLast4: keys.applicationKey.slice(-4),
        fingerprint: fingerprintOf(keys),
        checks,
      };
      return this.save(target, accepted, owner, caller);
    });
  }

  private save(target: Target, accepted: AcceptedCredential, owner: KeyOwner, caller: Caller): Promise<Connection> {
    return this.store.transaction(async (unit) => {
      const before = staying(await lockedConnection(unit, target));
      const after = rotated(before, accepted, owner, this.clock.now());
      await storeChange(unit, { action: 'credentials.rotated', before, after, at: after.updatedAt }, caller);
      return after;
    });
  }
}
