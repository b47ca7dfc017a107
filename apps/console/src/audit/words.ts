import type { AuditEntry } from './queries.ts';

/** What somebody has done, in words. */
export const actionWords: Record<AuditEntry['action'], string> = {
  'connection.created': 'Added the connection',
  'connection.changed': 'Changed the connection',
  'connection.deleting': 'Started deleting the connection',
  'connection.deleted': 'Deleted the connection',
  'connection.checked': 'Checked the keys',
  'connection.snapshots-revoked': 'Revoked the links to snapshots',
  'credentials.rotated': 'Replaced the keys',
  'credentials.refused': 'Tried keys that were rejected',
  'credentials.not-stored': 'Tried keys that were not stored',
  'credentials.resealed': 'Resealed the keys for another sealing key',
  'sync.requested': 'Requested a sync',
  'source-org.changed': 'Changed the settings',
  'source-org.republished': 'Published the org to Kafka again',
  'token.created': 'Created an API token',
  'token.revoked': 'Revoked an API token',
  'integration.created': 'Added the integration',
  'integration.changed': 'Changed the integration',
  'integration.deleted': 'Deleted the integration and revoked its API tokens',
  'access-policy.changed': 'Changed the access policy',
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns whether the target of an entry is a connection that may still be there. */
export const isOfConnection = ({ action, target }: Pick<AuditEntry, 'action' | 'target'>): boolean =>
  uuid.test(target) && /^(connection|credentials|sync)\./.test(action) && action !== 'connection.deleted';

/** Returns the name that the target had, else its id. */
export function nameOfTarget({ before, after, target }: Pick<AuditEntry, 'before' | 'after' | 'target'>): string {
  const name = after?.name ?? before?.name;
  return typeof name === 'string' ? name : target;
}
