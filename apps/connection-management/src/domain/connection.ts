import { afterCheck, type Share } from '@pagebridge/contracts';
import { directoryOf } from '@pagebridge/vocabulary';
import type { Check, CheckVerdict, KeyOwner } from './credentials/check.ts';
import type { Deletion } from './deletion.ts';
import { type Failover, isSameFailover } from './failover.ts';
import { type FormerSlug, slugged } from './former-slugs.ts';
import type { Health } from './health.ts';

/** What is stored of a key pair: the sealed text, and what people may see of it. */
export interface StoredCredential {
  readonly sealed: string;
  /** Grows with each rotation, from 1. */
  readonly revision: number;
  readonly apiKeyLast4: string;
  readonly applicationKeyLast4: string;
  /** Identifies the key pair without revealing it. */
  readonly fingerprint: string;
  /** When the destination last accepted the pair. */
  readonly acceptedAt: Date;
  /** When the pair was last checked, with any result. */
  readonly checkedAt: Date;
  readonly checkStatus: 'passed' | 'failed';
  readonly checks: readonly Check[];
}

/** The new values of a credential that was just accepted. */
export type AcceptedCredential = Pick<
  StoredCredential,
  'sealed' | 'apiKeyLast4' | 'applicationKeyLast4' | 'fingerprint' | 'checks'
>;

/** A replaced pair. A service that cannot open the new pair uses this one, until the new pair has been used. */
export type FormerCredential = Pick<StoredCredential, 'sealed' | 'revision' | 'apiKeyLast4' | 'applicationKeyLast4'>;

/** One source org's right to page one destination org. */
export interface Connection extends KeyOwner {
  readonly id: string;
  readonly sourceOrg: string;
  readonly name: string;
  readonly slug: string;
  /** Since when the connection has this slug, and so claims the handles that it qualifies. */
  readonly slugSince: Date;
  /** Former slugs, latest first, each valid for a while. */
  readonly formerSlugs: readonly FormerSlug[];
  readonly dataCenter: string;
  /** Since when the keys belong to this service account, and so show its teams. */
  readonly directorySince: Date;
  readonly enabled: boolean;
  readonly failover: Failover | undefined;
  /** What snapshots show to whoever has the link that ends the text of a page. */
  readonly share: Share;
  /** Links of pages that were accepted before open nothing any more. */
  readonly shareRevokedBefore: Date | undefined;
  readonly deletion: Deletion | undefined;
  /** Grows with each published change, from 1. Only dropping the former credential is published without a new version. */
  readonly version: number;
  /** Grows with each other change: of health, of the progress of a deletion, of the former credential. */
  readonly stateRevision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly credential: StoredCredential;
  readonly formerCredential: FormerCredential | undefined;
  readonly health: Health;
}

/** Returns the directory whose teams the connection can page. */
export const directoryOfConnection = ({ dataCenter, destinationOrg, serviceAccountId, id }: Connection): string =>
  directoryOf(dataCenter, destinationOrg.id, serviceAccountId, id);

/** Returns the unique form of a name: two names of one org may not differ by letter case alone. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export interface ConnectionChange {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Null removes it. */
  readonly failover?: Failover | null | undefined;
  readonly share?: Share | undefined;
}

/** Returns the connection after a change, or the same object if nothing differs. The former slug stays valid for `slugGraceMs`. */
export function changed(connection: Connection, change: ConnectionChange, now: Date, slugGraceMs = 0): Connection {
  const { name = connection.name, slug = connection.slug, enabled = connection.enabled } = change;
  const { share = connection.share } = change;
  const failover = change.failover === undefined ? connection.failover : (change.failover ?? undefined);
  const isSame =
    name === connection.name &&
    slug === connection.slug &&
    enabled === connection.enabled &&
    share === connection.share &&
    isSameFailover(failover, connection.failover);
  if (isSame) return connection;
  const { version } = connection;
  return {
    ...connection,
    name,
    ...slugged(connection, slug, now, slugGraceMs),
    enabled,
    failover,
    share,
    version: version + 1,
    updatedAt: now,
  };
}

/** Returns the connection with all links of its pages revoked that were given out so far. */
export const withoutLinks = (connection: Connection, now: Date): Connection => ({
  ...connection,
  shareRevokedBefore: now,
  version: connection.version + 1,
  updatedAt: now,
});

/**
 * Returns the connection with a newly accepted pair: its revision grows, and the faults of the old pair are cleared.
 *
 * The old pair is kept until the new one has been used. After several rotations before that, the pair from before the first one
 * is kept: that pair is known to work.
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
 * Returns the connection with the same pairs, sealed anew. Revisions and check results stay: nobody has to prove the keys
 * again, and pages that wait for a repair keep waiting.
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
 * Returns the connection after its stored pair was checked again.
 *
 * A passed check is published, so that services that wait for a repair continue at once. A failed check shows only here.
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
      health: { ...connection.health, ...afterCheck(connection.health, now) },
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

/** Keys of another account may show other teams, so the directory is claimed from now on. */
function ownedBy(connection: Connection, { destinationOrg, serviceAccountId }: KeyOwner, now: Date) {
  const isSame = destinationOrg.id === connection.destinationOrg.id && serviceAccountId === connection.serviceAccountId;
  return { destinationOrg, serviceAccountId, directorySince: isSame ? connection.directorySince : now };
}

const notOurs = (fault: { reportedBy: string }): boolean => fault.reportedBy !== 'connection-management';
