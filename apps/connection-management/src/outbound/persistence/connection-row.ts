import { type Connection, nameKeyOf } from '../../domain/connection.ts';
import type { ConnectionEntity } from './connection.entity.ts';
import { fromHealthDocument, toHealthDocument } from './health-document.ts';

export const toRow = ({
  destinationOrg,
  credential,
  health,
  enabled,
  failover,
  ...rest
}: Connection): ConnectionEntity => ({
  ...rest,
  nameKey: nameKeyOf(rest.name),
  enabled: enabled ? 1 : 0,
  failover: failover ?? null,
  destinationOrgId: destinationOrg.id,
  destinationOrgName: destinationOrg.name,
  sealedCredential: credential.sealed,
  credentialRevision: credential.revision,
  apiKeyLast4: credential.apiKeyLast4,
  applicationKeyLast4: credential.applicationKeyLast4,
  acceptedAt: credential.acceptedAt,
  checkedAt: credential.checkedAt,
  checkStatus: credential.checkStatus,
  checks: credential.checks,
  health: toHealthDocument(health),
});

export const fromRow = (row: ConnectionEntity): Connection => ({
  id: row.id,
  sourceOrg: row.sourceOrg,
  name: row.name,
  slug: row.slug,
  slugSince: row.slugSince ?? row.createdAt,
  dataCenter: row.dataCenter,
  destinationOrg: { id: row.destinationOrgId, name: row.destinationOrgName },
  enabled: row.enabled === 1,
  failover: row.failover ?? undefined,
  version: row.version,
  stateRevision: row.stateRevision,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  credential: {
    sealed: row.sealedCredential,
    revision: row.credentialRevision,
    apiKeyLast4: row.apiKeyLast4,
    applicationKeyLast4: row.applicationKeyLast4,
    acceptedAt: row.acceptedAt,
    checkedAt: row.checkedAt,
    checkStatus: row.checkStatus,
    checks: row.checks,
  },
  health: fromHealthDocument(row.health),
});
