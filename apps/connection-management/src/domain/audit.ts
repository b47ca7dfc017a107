import type { Connection } from './connection.ts';
import { progressOf } from './deletion.ts';
import type { SourceOrgSettings } from './source-org-settings.ts';

export const auditActions = [
  'connection.created',
  'connection.changed',
  'connection.deleting',
  'connection.deleted',
  'connection.checked',
  'credentials.rotated',
  'credentials.refused',
  'credentials.resealed',
  'sync.requested',
  'source-org.changed',
  'source-org.republished',
  'token.created',
  'token.revoked',
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
  /** The id of the connection or API token, or the source org. */
  readonly target: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly at: Date;
}

/** Returns the part of a connection that the audit may contain. */
export const auditViewOf = ({
  name,
  slug,
  dataCenter,
  destinationOrg,
  enabled,
  failover,
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
