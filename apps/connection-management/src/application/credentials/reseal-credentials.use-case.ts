import { kidOf, resealFault } from '@pagebridge/sealed-credentials';
import type { Clock } from '@pagebridge/vocabulary';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import { type Connection, resealed } from '../../domain/connection.ts';
import { lockedConnection, type Target } from '../connections/locked-connection.ts';
import { storeChange } from '../connections/store-change.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, type Refusal, refused } from '../refusal.ts';

/** The stored keys, sealed for the present key by a program that can open them. A pair that is left out stays as it is. */
export interface Seals {
  readonly sealed: string | undefined;
  /** The pair from before a rotation. It is not stored if the connection no longer has a former pair. */
  readonly former: string | undefined;
}

/**
 * Stores the same keys again, sealed for the present key.
 *
 * This service cannot open the seals: it trusts the holder of the private keys that they contain the same keys. A connection
 * that is being deleted is accepted too, since its open pages are still to be resolved.
 */
export class ResealCredentials {
  constructor(
    private readonly store: Store,
    /** The id of the present key. */
    private readonly kid: string,
    private readonly clock: Clock,
  ) {}

  run(target: Target, seals: Seals, caller: Caller): Promise<Outcome<Connection>> {
    return this.store.transaction(async (unit) => {
      const locked = await lockedConnection(unit, target);
      if (!locked.ok) return locked;
      const before = locked.value;
      const unfit = this.unfit(before, seals);
      if (unfit) return refused(unfit);
      if (seals.sealed === undefined && !before.formerCredential) return carriedOut(before);
      const after = resealed(before, seals, this.clock.now());
      const change = { before, after, at: after.updatedAt, viewOf };
      await storeChange(unit, { action: 'credentials.resealed', ...change }, caller);
      return carriedOut(after);
    });
  }

  private unfit({ credential, formerCredential }: Connection, { sealed, former }: Seals): Refusal | undefined {
    const fault = sealed === undefined ? undefined : resealFault(sealed, credential.sealed, this.kid);
    if (fault !== undefined) return { reason: 'seal-unfit', field: 'sealed', detail: fault };
    if (former === undefined || !formerCredential) return undefined;
    const formerFault = resealFault(former, formerCredential.sealed, this.kid);
    return formerFault === undefined ? undefined : { reason: 'seal-unfit', field: 'former', detail: formerFault };
  }
}

const viewOf = (connection: Connection) => ({
  ...auditViewOf(connection),
  kid: kidOf(connection.credential.sealed) ?? '',
  formerKid: connection.formerCredential ? (kidOf(connection.formerCredential.sealed) ?? '') : null,
});
