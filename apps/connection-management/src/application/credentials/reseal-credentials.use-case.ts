import { kidOf, resealFault } from '@pagebridge/sealed-credentials';
import { Problem } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import { type Connection, resealed } from '../../domain/connection.ts';
import { lockedConnection, type Target } from '../connections/locked-connection.ts';
import { storeChange } from '../connections/store-change.ts';
import type { Store } from '../ports.ts';
import { problems } from '../problems.ts';

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

  run(target: Target, { sealed, former }: Seals, caller: Caller): Promise<Connection> {
    return this.store.transaction(async (unit) => {
      const before = await lockedConnection(unit, target);
      const { credential, formerCredential } = before;
      this.requireFit('sealed', sealed, credential.sealed);
      if (formerCredential) this.requireFit('former', former, formerCredential.sealed);
      if (sealed === undefined && !formerCredential) return before;
      const after = resealed(before, { sealed, former }, this.clock.now());
      const change = { before, after, at: after.updatedAt, viewOf };
      await storeChange(unit, { action: 'credentials.resealed', ...change }, caller);
      return after;
    });
  }

  private requireFit(field: 'sealed' | 'former', seal: string | undefined, stored: string): void {
    const fault = seal === undefined ? undefined : resealFault(seal, stored, this.kid);
    if (fault === undefined) return;
    const message = `${field} is not valid: ${fault}`;
    const cure = "Read the connection from Kafka again, and seal its keys for this service's public key.";
    const detail = `${message}. Nothing was stored. ${cure}`;
    throw new Problem({ ...problems['seal-unfit'], detail, errors: [{ field, message, cure }] });
  }
}

const viewOf = (connection: Connection) => ({
  ...auditViewOf(connection),
  kid: kidOf(connection.credential.sealed) ?? '',
  formerKid: connection.formerCredential ? (kidOf(connection.formerCredential.sealed) ?? '') : null,
});
