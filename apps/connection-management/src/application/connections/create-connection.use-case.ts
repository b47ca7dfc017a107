import { type SealingKey, seal } from '@pagebridge/sealed-credentials';
import type { Clock } from '@pagebridge/vocabulary';
import { v7 as uuidv7 } from 'uuid';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Check, KeyOwner } from '../../domain/credentials/check.ts';
import { unreported } from '../../domain/health.ts';
import { freeSlug, slugFrom } from '../../domain/slug.ts';
import type { KeyCheck } from '../credentials/check-keys.ts';
import { dataCenterOf } from '../credentials/data-center-of.ts';
import { fingerprintOf } from '../credentials/fingerprint.ts';
import { keysUnstored } from '../credentials/unstored-keys.ts';
import type { DataCenters, KeyPair, Saved, Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

export interface ConnectionWish extends KeyPair {
  readonly sourceOrg: string;
  readonly name: string;
  readonly dataCenter: string;
  /** Whether another connection of the source org may already lead to the same destination org. */
  readonly allowDuplicate: boolean;
}

/** The number of attempts to store a connection while other requests take its slug at the same moment. */
const mostAttempts = 5;

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

  async run(wish: ConnectionWish, caller: Caller): Promise<Outcome<Connection>> {
    const { sourceOrg, name, apiKey, applicationKey } = wish;
    const dataCenter = dataCenterOf(this.dataCenters, wish.dataCenter);
    if (!dataCenter.ok) return dataCenter;
    // Checked before any call of the destination, to save the calls. The transaction that inserts decides.
    if (await this.store.isNameTaken(sourceOrg, name)) return refused({ reason: 'name-taken', name });
    if ((await this.store.connectionCount(sourceOrg)) >= this.most) return this.tooMany();
    const keys = { apiKey, applicationKey };
    const checked = await this.check.demand(dataCenter.value, keys);
    const now = this.clock.now();
    const its = { sourceOrg, target: sourceOrg, dataCenter: wish.dataCenter, keys, at: now };
    const use = { ...its, caller, wish: 'create' } as const;
    if (!checked.ok) return keysUnstored(this.store, checked, use);
    const id = uuidv7();
    const { destinationOrg } = checked.value;
    const binding = { connectionId: id, sourceOrg, dataCenter: wish.dataCenter, destinationOrg };
    const sealed = await seal(this.sealingKey, binding, keys);
    // A destination that does not name its org cannot be compared, so it never counts as a duplicate.
    const isSole = !wish.allowDuplicate && destinationOrg.id !== '';
    const connection = newConnection(wish, { id, sealed, ...checked.value }, now);
    const outcome = await this.insert(connection, isSole, caller);
    return outcome.ok ? outcome : keysUnstored(this.store, outcome, use);
  }

  private tooMany = () => refused({ reason: 'too-many-connections', most: this.most });

  /** Stores the connection with the first free slug: its own, or its own with a number. */
  private async insert(wanted: Connection, isSole: boolean, caller: Caller): Promise<Outcome<Connection>> {
    const { sourceOrg, name, dataCenter, destinationOrg, slug: base } = wanted;
    let slug = base;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const by = isSole ? await this.store.connectionTo(sourceOrg, dataCenter, destinationOrg.id) : undefined;
      if (by) return refused({ reason: 'destination-taken', by });
      slug = freeSlug(base, await this.store.slugsLike(sourceOrg, base));
      const connection = { ...wanted, slug };
      const saved = await this.save(connection, isSole, caller);
      if (saved === 'saved') return carriedOut(connection);
      if (saved === 'name-taken') return refused({ reason: 'name-taken', name });
      if (saved === 'too-many') return this.tooMany();
    }
    return refused({ reason: 'slug-taken', slug });
  }

  private save(connection: Connection, isSole: boolean, caller: Caller): Promise<Saved | 'too-many'> {
    return this.store.transaction(async (unit) => {
      if ((await unit.lockConnectionCount(connection.sourceOrg)) >= this.most) return 'too-many';
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

function newConnection(wish: ConnectionWish, accepted: Accepted, now: Date): Connection {
  const { id, sealed, checks, destinationOrg, serviceAccountId } = accepted;
  return {
    id,
    sourceOrg: wish.sourceOrg,
    name: wish.name,
    slug: slugFrom(wish.name),
    slugSince: now,
    formerSlugs: [],
    dataCenter: wish.dataCenter,
    destinationOrg,
    serviceAccountId,
    directorySince: now,
    enabled: true,
    failover: undefined,
    deletion: undefined,
    version: 1,
    stateRevision: 0,
    createdAt: now,
    updatedAt: now,
    credential: {
      sealed,
      revision: 1,
      apiKeyLast4: wish.apiKey.slice(-4),
      applicationKeyLast4: wish.applicationKey.slice(-4),
      fingerprint: fingerprintOf(wish),
      acceptedAt: now,
      checkedAt: now,
      checkStatus: 'passed',
      checks,
    },
    formerCredential: undefined,
    health: unreported,
  };
}
