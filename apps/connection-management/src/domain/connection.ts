import { directoryOf } from '@pagebridge/vocabulary';
import type { Check, CheckVerdict, KeyOwner } from './credentials/check.ts';
import type { Deletion } from './deletion.ts';
import { type Failover, isSameFailover } from './failover.ts';
import { type FormerSlug, slugged } from './former-slugs.ts';
import { checkedSlot, type Health } from './health.ts';

/** What is kept of a pair of keys: the sealed text, and what people may see of it. */
export interface StoredCredential {
  readonly sealed: string;
  /** Grows with each rotation, from 1. */
  readonly revision: number;
  readonly apiKeyLast4: string;
  readonly applicationKeyLast4: string;
  /** Tells whether a pair of keys is this one, and shows nothing of it; undefined in what was stored before it was kept. */
  readonly fingerprint: string | undefined;
  /** When the destination last accepted it. */
  readonly acceptedAt: Date;
  /** When it was last checked, whatever came of it. */
  readonly checkedAt: Date;
  readonly checkStatus: 'passed' | 'failed';
  readonly checks: readonly Check[];
}

/** What is new about a credential that was just accepted. */
export type AcceptedCredential = Pick<
  StoredCredential,
  'sealed' | 'apiKeyLast4' | 'applicationKeyLast4' | 'fingerprint' | 'checks'
>;

/** A pair that was replaced: it stays in use where the new one cannot be opened, until that has been used. */
export type FormerCredential = Pick<StoredCredential, 'sealed' | 'revision' | 'apiKeyLast4' | 'applicationKeyLast4'>;

/** One source org's right to page one destination org. */
export interface Connection extends KeyOwner {
  readonly id: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  /** Since when it has this slug, and so claims what it qualifies. */
  readonly slugSince: Date;
  /** Slugs it had, the latest first, which work until then. */
  readonly formerSlugs: readonly FormerSlug[];
  readonly dataCenter: string;
  /** Since when its keys belong to that service account, and so show what it sees. */
  readonly directorySince: Date;
  readonly enabled: boolean;
  readonly failover: Failover | undefined;
  readonly deletion: Deletion | undefined;
  /** Grows with each published change, from 1. */
  readonly version: number;
  /** Grows with each change that is not published: what is known of its health. */
  readonly stateRevision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly credential: StoredCredential;
  readonly formerCredential: FormerCredential | undefined;
  readonly health: Health;
}

/** The directory whose teams it can page. */
export const directoryOfConnection = ({ dataCenter, destinationOrg, serviceAccountId, id }: Connection): string =>
  directoryOf(dataCenter, destinationOrg.id, serviceAccountId, id);

/** Two names of one org may not differ by letter case alone. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export interface ConnectionChange {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Null takes it away. */
  readonly failover?: Failover | null | undefined;
}

/** The connection after a change; the very same object when nothing differs. A slug that it loses works on for so long. */
export function changed(connection: Connection, change: ConnectionChange, now: Date, slugGraceMs = 0): Connection {
  const { name = connection.name, slug = connection.slug, enabled = connection.enabled } = change;
  const failover = change.failover === undefined ? connection.failover : (change.failover ?? undefined);
  const isSame =
    name === connection.name &&
    slug === connection.slug &&
    enabled === connection.enabled &&
    isSameFailover(failover, connection.failover);
  if (isSame) return connection;
  const { version } = connection;
  return {
    ...connection,
    name,
    ...slugged(connection, slug, now, slugGraceMs),
    enabled,
    failover,
    version: version + 1,
    updatedAt: now,
  };
}

/**
 * A newly accepted pair: the revision grows, and what was known against the old pair is forgotten.
 *
 * The old pair is kept until the new one has been used. Of several rotations before that, the pair from before the first
 * is kept: it is the one that is known to work.
 */
export function rotated(connection: Connection, accepted: AcceptedCredential, owner: KeyOwner, now: Date): Connection {
  const { sealed, revision: former, apiKeyLast4, applicationKeyLast4 } = connection.credential;
  const revision = former + 1;
  return {
    ...connection,
    formerCredential: connection.formerCredential ?? { sealed, revision: former, apiKeyLast4, applicationKeyLast4 },
    ...ownedBy(connection, owner, now),
    credential: { ...accepted, revision, acceptedAt: now, checkedAt: now, checkStatus: 'passed' },
    health: { ...connection.health, faults: [] },
    version: connection.version + 1,
    updatedAt: now,
  };
}

/**
 * The same pairs, sealed anew. Their revisions and all that is known of them stay: nobody has to prove them again, and what
 * waits for a repair waits on.
 */
export function resealed(
  connection: Connection,
  seals: { readonly sealed: string | undefined; readonly former: string | undefined },
  now: Date,
): Connection {
  const { credential, formerCredential } = connection;
  return {
    ...connection,
    credential: { ...credential, sealed: seals.sealed ?? credential.sealed },
    formerCredential: formerCredential && { ...formerCredential, sealed: seals.former ?? formerCredential.sealed },
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
  verdict: Exclude<CheckVerdict, { kind: 'unavailable' }>,
  now: Date,
): Connection {
  const { checks } = verdict;
  const checked = { ...connection.credential, checks, checkedAt: now };
  if (verdict.kind === 'passed') {
    return {
      ...connection,
      ...ownedBy(connection, verdict, now),
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

/** Keys of another account may show other teams: what they show is claimed from now on. */
function ownedBy(connection: Connection, { destinationOrg, serviceAccountId }: KeyOwner, now: Date) {
  const isSame = destinationOrg.id === connection.destinationOrg.id && serviceAccountId === connection.serviceAccountId;
  return { destinationOrg, serviceAccountId, directorySince: isSame ? connection.directorySince : now };
}

const notOurs = (fault: { reportedBy: string }): boolean => fault.reportedBy !== 'connection-management';

// Faults seen before the check are answered by it: reports that are still on their way about them must not come back.
const withoutFaults = (health: Health, now: Date): Health => ({
  ...health,
  faults: [],
  seen: { ...health.seen, [checkedSlot]: now },
});
