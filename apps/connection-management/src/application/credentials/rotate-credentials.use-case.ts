import { type SealingKey, seal } from '@pagebridge/sealed-credentials';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type AcceptedCredential, type Connection, rotated } from '../../domain/connection.ts';
import type { KeyOwner } from '../../domain/credentials/check.ts';
import { lockedConnection, seenVersion, type Target, whereStaying } from '../connections/locked-connection.ts';
import { storeChange } from '../connections/store-change.ts';
import type { DataCenters, KeyPair, Store } from '../ports.ts';
import { carriedOut, type Outcome } from '../refusal.ts';
import type { KeyCheck } from './check-keys.ts';
import { dataCenterOf } from './data-center-of.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keysUnstored } from './unstored-keys.ts';

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

  async run(target: Target, keys: KeyPair, caller: Caller): Promise<Outcome<Connection>> {
    // The version is checked before the destination is called, and again later under a lock: no transaction waits for a call.
    const known = await this.store.connection(target.sourceOrg, target.id);
    const seen = whereStaying(seenVersion(known, target.id, target.ifMatch));
    if (!seen.ok) return seen;
    const dataCenter = dataCenterOf(this.dataCenters, seen.value.dataCenter);
    if (!dataCenter.ok) return dataCenter;
    const checked = await this.check.demand(dataCenter.value, keys, seen.value.destinationOrg);
    const { sourceOrg, id } = target;
    const at = this.clock.now();
    const use = { caller, wish: 'rotate', sourceOrg, target: id, dataCenter: seen.value.dataCenter, keys, at } as const;
    if (!checked.ok) return keysUnstored(this.store, checked, use);
    const { destinationOrg } = checked.value;
    const binding = { connectionId: id, sourceOrg, dataCenter: seen.value.dataCenter };
    const accepted = {
      sealed: await seal(this.sealingKey, { ...binding, destinationOrg }, keys),
      apiKeyLast4: keys.apiKey.slice(-4),
      applicationKeyLast4: keys.applicationKey.slice(-4),
      fingerprint: fingerprintOf(keys),
      checks: checked.value.checks,
    };
    const outcome = await this.save(target, accepted, checked.value, caller);
    return outcome.ok ? outcome : keysUnstored(this.store, outcome, use);
  }

  private save(
    target: Target,
    accepted: AcceptedCredential,
    owner: KeyOwner,
    caller: Caller,
  ): Promise<Outcome<Connection>> {
    return this.store.transaction(async (unit) => {
      const locked = whereStaying(await lockedConnection(unit, target));
      if (!locked.ok) return locked;
      const before = locked.value;
      const after = rotated(before, accepted, owner, this.clock.now());
      await storeChange(unit, { action: 'credentials.rotated', before, after, at: after.updatedAt }, caller);
      return carriedOut(after);
    });
  }
}
