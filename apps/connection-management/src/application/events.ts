import {
  type Connection as ConnectionFact,
  Connections,
  nextTraceparent,
  type OutgoingRecord,
  SourceOrgs,
  SyncRequests,
} from '@pagebridge/contracts';
import type { Connection } from '../domain/connection.ts';
import type { SourceOrgSettings } from '../domain/source-org-settings.ts';

const source = '/pagebridge/connection-management';

/** The connection as it now stands; the same version is the same event. */
export function connectionEvent(connection: Connection): OutgoingRecord {
  const { id, sourceOrg, name, slug, dataCenter, destinationOrg, enabled, version, createdAt, credential } = connection;
  const fact: ConnectionFact = {
    connectionId: id,
    sourceOrg,
    name,
    slug,
    dataCenter,
    destinationOrg,
    enabled,
    version,
    createdAt: createdAt.toISOString(),
    credential: {
      sealed: credential.sealed,
      revision: credential.revision,
      checkedAt: credential.acceptedAt.toISOString(),
    },
  };
  return Connections.encode(id, attributes(`${id}.${version}`, connection.updatedAt), fact);
}

export const connectionTombstone = (id: string): OutgoingRecord => Connections.tombstone(id);

export function sourceOrgEvent(settings: SourceOrgSettings, now: Date): OutgoingRecord {
  const { sourceOrg, localHandles, fallbackHandle, version } = settings;
  return SourceOrgs.encode(sourceOrg, attributes(`${sourceOrg}.${version}`, now), {
    sourceOrg,
    localHandles: [...localHandles],
    ...(fallbackHandle ? { fallbackHandle } : {}),
    version,
  });
}

export function syncRequestEvent({ id, sourceOrg }: Connection, requestId: string, now: Date): OutgoingRecord {
  return SyncRequests.encode(id, attributes(`${id}.${requestId}`, now), {
    connectionId: id,
    sourceOrg,
    cause: 'requested',
    requestedAt: now.toISOString(),
  });
}

const attributes = (id: string, time: Date) => ({
  id,
  source,
  time: time.toISOString(),
  traceparent: nextTraceparent(),
});
