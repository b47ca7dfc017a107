import { type Connection, nameKeyOf } from '../../domain/connection.ts';
import type { ConnectionEntity } from './connection.entity.ts';
import { fromHealthDocument, toHealthDocument } from './health-document.ts';

export const toRow = ({
  destinationOrg,
  credential,
  formerCredential,
  health,
  enabled,
  failover,
  formerSlugs,
  ...rest
}: Connection): Omit<ConnectionEntity, 'soleDestination'> => ({
  ...rest,
  nameKey: nameKeyOf(rest.name),
  enabled: enabled ? 1 : 0,
  failover: failover ?? null,
  formerSlugs: formerSlugs.map(({ slug, validUntil }) => ({ slug, validUntil: validUntil.toISOString() })),
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
  keyFingerprint: credential.fingerprint ?? null,
  formerCredential: formerCredential ?? null,
  health: toHealthDocument(health),
});

export const fromRow = (row: ConnectionEntity): Connection => ({
  id: row.id,
  sourceOrg: row.sourceOrg,
  name: row.name,
  slug: row.slug,
  slugSince: row.slugSince ?? row.createdAt,
  formerSlugs: (row.formerSlugs ?? []).map(({ slug, validUntil }) => ({ slug, validUntil: new Date(validUntil) })),
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
    fingerprint: row.keyFingerprint ?? undefined,
    acceptedAt: row.acceptedAt,
    checkedAt: row.checkedAt,
    checkStatus: row.checkStatus,
    checks: row.checks,
  },
  formerCredential: row.formerCredential ?? undefined,
  health: fromHealthDocument(row.health),
});
