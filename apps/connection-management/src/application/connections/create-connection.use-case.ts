import { unreported } from '@pagebridge/contracts';
import { type SealingKey, seal } from '@pagebridge/sealed-credentials';
import { Problem } from '@pagebridge/service';
import { type Clock, freeSlug, slugFrom } from '@pagebridge/vocabulary';
import { v7 as uuidv7 } from 'uuid';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Check, KeyOwner } from '../../domain/credentials/check.ts';
import type { Announce, KeyCheck } from '../credentials/check-keys.ts';
import { dataCenterOf } from '../credentials/data-center-of.ts';
import { fingerprintOf } from '../credentials/fingerprint.ts';
import { auditUnstored } from '../credentials/unstored-keys.ts';
import type { DataCenters, KeyPair, Saved, Store } from '../ports.ts';
import { problems } from '../problems.ts';
import { taken } from './store-change.ts';

export interface ConnectionInput extends KeyPair {
  readonly sourceOrg: string;
  readonly name: string;
  readonly dataCenter: string;
  /** Whether another connection of the source org may already lead to the same destination org. */
  readonly allowDuplicate: boolean;
}

/** The number of attempts to store a connection while other requests take its slug at the same moment. */
const maxAttempts = 5;

/** Adds a connection once its keys pass every check: seals the keys, then stores, audits and publishes in one transaction. */
export class CreateConnection {
  constructor(
    private readonly store: Store,
    private readonly dataCenters: DataCenters,
    private readonly check: KeyCheck,
    private readonly sealingKey: SealingKey,
    private readonly clock: Clock,
    /** The maximum number of connections of a source org. */
    private readonly most: number,
  ) {}

  async run(input: ConnectionInput, caller: Caller, announce: Announce): Promise<Connection> {
    const { sourceOrg, name, apiKey, applicationKey } = input;
    const dataCenter = dataCenterOf(this.dataCenters, input.dataCenter);
    // Checked before any call of the destination, to save the calls. The transaction that inserts decides.
    if (await this.store.isNameTaken(sourceOrg, name)) throw taken('name');
    if ((await this.store.connectionCount(sourceOrg)) >= this.most) throw tooMany(this.most);
    const keys = { apiKey, applicationKey };
    const use = {
      caller,
      purpose: 'create',
      sourceOrg,
      target: sourceOrg,
      dataCenter: input.dataCenter,
      keys,
    } as const;
    return auditUnstored(this.store, this.clock, use, async () => {
      const owner = await this.check.demand(dataCenter, keys, announce);
      const now = this.clock.now();
      const id = uuidv7();
      const { destinationOrg } = owner;
      const binding = { connectionId: id, sourceOrg, dataCenter: input.dataCenter, destinationOrg };
      const sealed = await seal(this.sealingKey, binding, keys);
      // A destination that does not name its org cannot be compared, so it never counts as a duplicate.
      const isSole = !input.allowDuplicate && destinationOrg.id !== '';
      return this.insert(newConnection(input, { id, sealed, ...owner }, now), isSole, caller);
    });
  }

  /** Stores the connection with the first free slug: its own, or its own with a number. */
  private async insert(wanted: Connection, isSole: boolean, caller: Caller): Promise<Connection> {
    const { sourceOrg, dataCenter, destinationOrg, slug } = wanted;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const by = isSole ? await this.store.connectionTo(sourceOrg, dataCenter, destinationOrg.id) : undefined;
      if (by) throw destinationTaken(by);
      const connection = { ...wanted, slug: freeSlug(slug, await this.store.slugsLike(sourceOrg, slug)) };
      const saved = await this.save(connection, isSole, caller);
      if (saved === 'saved') return connection;
      if (saved === 'name-taken') throw taken('name');
    }
    throw taken('slug');
  }

  private save(connection: Connection, isSole: boolean, caller: Caller): Promise<Saved> {
    return this.store.transaction(async (unit) => {
      if ((await unit.lockConnectionCount(connection.sourceOrg)) >= this.most) throw tooMany(this.most);
      const saved = await unit.insertConnection(connection, { isSole });
      if (saved !== 'saved') return saved;
      await unit.audit({
        ...caller,
        sourceOrg: connection.sourceOrg,
        action: 'connection.created',
        target: connection.id,
        before: null,
        after: auditViewOf(connection),
        at: connection.createdAt,
      });
      await unit.publish({ kind: 'connection', connection });
      return saved;
    });
  }
}

interface Accepted extends KeyOwner {
  readonly id: string;
  readonly sealed: string;
  readonly checks: readonly Check[];
}

function newConnection(input: ConnectionInput, accepted: Accepted, now: Date): Connection {
  const { id, sealed, checks, destinationOrg, serviceAccountId } = accepted;
  return {
    id,
    sourceOrg: input.sourceOrg,
    name: input.name,
    slug: slugFrom(input.name),
    slugSince: now,
    formerSlugs: [],
    dataCenter: input.dataCenter,
    destinationOrg,
    serviceAccountId,
    directorySince: now,
    enabled: true,
    failover: undefined,
    share: 'none',
    shareRevokedBefore: undefined,
    deletion: undefined,
    version: 1,
    stateRevision: 0,
    createdAt: now,
    updatedAt: now,
    credential: {
      sealed,
      revision: 1,
      apiKeyLast4: input.apiKey.slice(-4),
      applicationKeyLast4: input.applicationKey.slice(-4),
      fingerprint: fingerprintOf(input),
      acceptedAt: now,
      checkedAt: now,
      checkStatus: 'passed',
      checks,
    },
    formerCredential: undefined,
    health: unreported,
  };
}

function tooMany(most: number): Problem {
  const cure = 'Delete an unused connection, or ask an operator to increase CONNECTIONS_PER_ORG.';
  const detail = `This source org already has ${most} connections, which is the maximum. Nothing was stored. ${cure}`;
  return new Problem({ ...problems['too-many-connections'], detail });
}

function destinationTaken({ id, name, destinationOrg, deletion }: Connection): Problem {
  const leads = `onnection "${name}" of this source org already leads to ${destinationOrg.name || destinationOrg.id}`;
  const its = deletion ? `${leads}, and is being deleted` : leads;
  const instead = deletion
    ? `Wait until connection ${id} is deleted, or delete it now with DELETE …?force=true`
    : `Use connection ${id}, or rotate its keys`;
  const cure = `${instead}. To keep both, send "allowDuplicate": true; each of their handles is then ambiguous.`;
  const errors = [{ field: 'allowDuplicate', message: `c${its}`, cure }];
  const detail = `C${its}. Nothing was stored. ${cure}`;
  return new Problem({ ...problems['destination-taken'], detail, errors }, { connectionId: id });
}
