import type { Check } from './check.ts';
import { type Failover, isSameFailover } from './failover.ts';
import type { Health } from './health.ts';

/** What is kept of a pair of keys: the sealed text, and what people may see of it. */
export interface StoredCredential {
  readonly sealed: string;
  /** Grows with each rotation, from 1. */
  readonly revision: number;
  readonly apiKeyLast4: string;
  readonly applicationKeyLast4: string;
  /** When the destination last accepted it. */
  readonly acceptedAt: Date;
  /** When it was last checked, whatever came of it. */
  readonly checkedAt: Date;
  readonly checkStatus: 'passed' | 'failed';
  readonly checks: readonly Check[];
}

/** One source org's right to page one destination org. */
export interface Connection {
  readonly id: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  /** Since when it has this slug, and so claims what it qualifies. */
  readonly slugSince: Date;
  readonly dataCenter: string;
  readonly destinationOrg: { readonly id: string; readonly name: string };
  readonly enabled: boolean;
  readonly failover: Failover | undefined;
  /** Grows with each published change, from 1. */
  readonly version: number;
  /** Grows with each change that is not published: what is known of its health. */
  readonly stateRevision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly credential: StoredCredential;
  readonly health: Health;
}

/** Two names of one org may not differ by letter case alone. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export interface ConnectionChange {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Null takes it away. */
  readonly failover?: Failover | null | undefined;
}

/** The connection after a change; the very same object when nothing differs. */
export function changed(connection: Connection, change: ConnectionChange, now: Date): Connection {
  const { name = connection.name, slug = connection.slug, enabled = connection.enabled } = change;
  const failover = change.failover === undefined ? connection.failover : (change.failover ?? undefined);
  const isSame =
    name === connection.name &&
    slug === connection.slug &&
    enabled === connection.enabled &&
    isSameFailover(failover, connection.failover);
  if (isSame) return connection;
  const slugSince = slug === connection.slug ? connection.slugSince : now;
  return { ...connection, name, slug, slugSince, enabled, failover, version: connection.version + 1, updatedAt: now };
}

/** A newly accepted pair: the revision grows, and what was known against the old pair is forgotten. */
export function rotated(
  connection: Connection,
  accepted: Pick<StoredCredential, 'sealed' | 'apiKeyLast4' | 'applicationKeyLast4' | 'checks'>,
  destinationOrg: Connection['destinationOrg'],
  now: Date,
): Connection {
  const revision = connection.credential.revision + 1;
  return {
    ...connection,
    destinationOrg,
    credential: { ...accepted, revision, acceptedAt: now, checkedAt: now, checkStatus: 'passed' },
    health: { ...connection.health, faults: [] },
    version: connection.version + 1,
    updatedAt: now,
  };
}

/**
 * The stored pair after it was checked again.
 *
 * A passed check is published, so that whoever waits for a repair goes on at once; a failed one only shows here.
 */
export function checkedAgain(
  connection: Connection,
  outcome: { readonly passed: boolean; readonly checks: readonly Check[] },
  now: Date,
): Connection {
  const { checks, passed } = outcome;
  const checked = { ...connection.credential, checks, checkedAt: now };
  if (passed) {
    return {
      ...connection,
      credential: { ...checked, acceptedAt: now, checkStatus: 'passed' },
      health: withoutFaults(connection.health, now),
      version: connection.version + 1,
      updatedAt: now,
    };
  }
  const failure = checks.find((check) => check.result === 'failed');
  const fault = {
    reportedBy: 'connection-management',
    ...(failure?.missingPermission ? { missingPermission: failure.missingPermission } : {}),
    detail: failure ? `${failure.detail}; ${failure.cure}` : 'a check failed',
    since: now,
  } as const;
  return {
    ...connection,
    credential: { ...checked, checkStatus: 'failed' },
    health: { ...connection.health, faults: [...connection.health.faults.filter(notOurs), fault] },
    stateRevision: connection.stateRevision + 1,
  };
}

const notOurs = (fault: { reportedBy: string }): boolean => fault.reportedBy !== 'connection-management';

// Faults seen before the check are answered by it: reports that are still on their way about them must not come back.
const withoutFaults = (health: Health, now: Date): Health => ({
  ...health,
  faults: [],
  seen: { ...health.seen, 'credential:handle-sync': now, 'credential:page-delivery': now },
});
