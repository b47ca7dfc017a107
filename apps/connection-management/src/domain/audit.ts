import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';
import { progressOf } from './deletion.ts';
import type { SourceOrgSettings } from './source-org-settings.ts';

export const auditActions = [
  'connection.created',
  'connection.changed',
  'connection.deleting',
  'connection.deleted',
  'connection.checked',
  'connection.snapshots-revoked',
  'credentials.rotated',
  'credentials.refused',
  'credentials.not-stored',
  'credentials.resealed',
  'sync.requested',
  'source-org.changed',
  'source-org.republished',
  'token.created',
  'token.revoked',
  'integration.created',
  'integration.changed',
  'integration.deleted',
  'access-policy.changed',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** Who made a change, and in which request. */
export interface Caller {
  /** `<issuer>#<subject>`. */
  readonly actor: string;
  /** For whom the actor says it acts, if it may say so. */
  readonly onBehalfOf: string | null;
  readonly requestId: string;
}

/** One change in the audit. It contains no secrets. */
export interface AuditEntry extends Caller {
  readonly sourceOrg: string;
  readonly action: AuditAction;
  /** The id of the connection or API token, the name of the integration, or the source org. */
  readonly target: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly at: Date;
}

type Change = Pick<AuditEntry, 'before' | 'after'>;

/** The maximum size in bytes of `before` and `after` together, as JSON. */
export const maxChangeBytes = 1024;

/**
 * Returns what changed within its bound. A change that is too large loses its largest fields, one by one: a field that is the same
 * in both views goes, any other is shortened. The more large fields there are, the less is shown of each.
 */
export function boundedChange({ before, after }: Change, shown = mostShown): Change {
  const [was, is]: Record<string, unknown>[] = [{ ...before }, { ...after }];
  if (!was || !is) return { before, after };
  const sizeOf = (field: string): number => bytesOf([was[field], is[field]]);
  const fields = Object.keys({ ...was, ...is }).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  for (const field of fields) {
    if (bytesOf(was) + bytesOf(is) <= maxChangeBytes) break;
    const [old, young] = [was[field], is[field]];
    const isSame = JSON.stringify(old) === JSON.stringify(young);
    was[field] = isSame ? undefined : shortened(old, young, shown);
    is[field] = isSame ? undefined : shortened(young, old, shown);
  }
  if (shown > 0 && bytesOf(was) + bytesOf(is) > maxChangeBytes) return boundedChange({ before, after }, shown - 1);
  return { before: before && was, after: after && is };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** Shorter values would not become shorter. */
const shortBytes = 128;
/** Of a list, this many values are shown, and of each text eight times as many characters. */
const mostShown = 4;

/** Returns the beginning of a value and the hash of the whole; of a list, its length and the first values that the other lacks. */
function shortened(value: unknown, other: unknown, shown: number): unknown {
  if (value === undefined || bytesOf(value) <= shortBytes) return value;
  const sha256 = createHash('sha256').update(JSON.stringify(value)).digest('hex');
  if (!Array.isArray(value)) return { first: beginningOf(value, shown), sha256 };
  const others = new Set<unknown>(Array.isArray(other) ? other : []);
  const first = value.filter((it) => !others.has(it)).slice(0, shown);
  return { count: value.length, first: first.map((it) => beginningOf(it, shown)), sha256 };
}

const beginningOf = (value: unknown, shown: number): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 8 * shown).toWellFormed();

/** Returns the part of a connection that the audit may contain. */
export const auditViewOf = ({
  name,
  slug,
  dataCenter,
  destinationOrg,
  enabled,
  failover,
  share,
  shareRevokedBefore,
  deletion,
  version,
  credential,
}: Connection) => ({
  name,
  slug,
  dataCenter,
  destinationOrg,
  enabled,
  failover: failover ?? null,
  share,
  ...(shareRevokedBefore ? { shareRevokedBefore } : {}),
  ...(deletion ? { deletion: { requestedAt: deletion.requestedAt, ...progressOf(deletion) } } : {}),
  version,
  credential: {
    revision: credential.revision,
    apiKeyLast4: credential.apiKeyLast4,
    applicationKeyLast4: credential.applicationKeyLast4,
    checkStatus: credential.checkStatus,
  },
});

export const auditViewOfSettings = ({ localHandles, fallbackHandle, alertTopic, version }: SourceOrgSettings) => ({
  localHandles,
  fallbackHandle: fallbackHandle ?? null,
  alertTopic,
  version,
});
