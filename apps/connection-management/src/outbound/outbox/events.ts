import {
  type AccessToken as AccessTokenData,
  AccessTokens,
  type Connection as ConnectionData,
  Connections,
  Integrations,
  integrationKeyOf,
  nextTraceparent,
  type OutgoingRecord,
  SourceOrgs,
  SyncRequests,
} from '@pagebridge/contracts';
import type { Fact } from '../../application/ports.ts';
import { type Connection, directoryOfConnection } from '../../domain/connection.ts';
import type { SourceOrgSettings } from '../../domain/source-org-settings.ts';
import type { AccessToken } from '../../domain/tokens/access-token.ts';
import type { Integration } from '../../integrations/integration.entity.ts';

const source = '/pagebridge/connection-management';

/** Returns the record that publishes a fact on its topic. */
export function recordOf(fact: Fact): OutgoingRecord {
  switch (fact.kind) {
    case 'connection':
      return connectionEvent(fact.connection);
    case 'connection-deleted':
      return Connections.tombstone(fact.id);
    case 'source-org':
      return sourceOrgEvent(fact.settings, fact.at);
    case 'token':
      return tokenEvent(fact.token);
    case 'token-forgotten':
      return AccessTokens.tombstone(fact.id);
    case 'integration':
      return integrationEvent(fact.integration);
    case 'integration-deleted':
      return Integrations.tombstone(integrationKeyOf(fact));
    case 'sync-requested':
      return syncRequestEvent(fact.connection, fact.requestId, fact.at);
  }
}

/** Returns the event of the current connection. A version has another event id while the former pair is kept than without it. */
function connectionEvent(connection: Connection): OutgoingRecord {
  const { id, sourceOrg, name, slug, dataCenter, destinationOrg, enabled, failover, deletion, version, credential } =
    connection;
  const { share, shareRevokedBefore } = connection;
  const { formerCredential: former } = connection;
  const formerSlugs = connection.formerSlugs.map(({ slug: was, validUntil }) => ({
    slug: was,
    validUntil: validUntil.toISOString(),
  }));
  const data: ConnectionData = {
    connectionId: id,
    sourceOrg,
    name,
    slug,
    dataCenter,
    destinationOrg,
    directory: directoryOfConnection(connection),
    directorySince: connection.directorySince.toISOString(),
    enabled,
    version,
    createdAt: connection.createdAt.toISOString(),
    slugSince: connection.slugSince.toISOString(),
    credential: {
      sealed: credential.sealed,
      revision: credential.revision,
      checkedAt: credential.acceptedAt.toISOString(),
      ...(former ? { former: { sealed: former.sealed, revision: former.revision } } : {}),
    },
    ...(formerSlugs.length > 0 ? { formerSlugs } : {}),
    ...(failover ? { failover } : {}),
    ...(share === 'none' ? {} : { share }),
    ...(shareRevokedBefore ? { shareRevokedBefore: shareRevokedBefore.toISOString() } : {}),
    ...(deletion ? { deleting: true } : {}),
  };
  const eventId = former ? `${id}.${version}.rotating` : `${id}.${version}`;
  return Connections.encode(id, attributes(eventId, connection.updatedAt), data);
}

// Producers learn of a change after it was made. What they write to the former topic meanwhile is still routed.
const noticeMs = 60_000;

function sourceOrgEvent(settings: SourceOrgSettings, now: Date): OutgoingRecord {
  const { sourceOrg, localHandles, fallbackHandle, alertTopic, alertTopicSince, version } = settings;
  return SourceOrgs.encode(sourceOrg, attributes(`${sourceOrg}.${version}`, now), {
    sourceOrg,
    localHandles: [...localHandles],
    ...(fallbackHandle ? { fallbackHandle } : {}),
    ...(alertTopicSince ? { alertTopic, alertTopicSince: new Date(+alertTopicSince + noticeMs).toISOString() } : {}),
    version,
  });
}

function tokenEvent(token: AccessToken): OutgoingRecord {
  const { id, sourceOrg, name, scope, integration, hash, createdBy, revokedAt, version } = token;
  const data: AccessTokenData = {
    tokenId: id,
    sourceOrg,
    name,
    ...('role' in scope ? scope : { permissions: [...scope.permissions] }),
    ...(integration === undefined ? {} : { integration }),
    hash,
    createdAt: token.createdAt.toISOString(),
    createdBy,
    expiresAt: token.expiresAt.toISOString(),
    ...(revokedAt ? { revokedAt: revokedAt.toISOString() } : {}),
    version,
  };
  return AccessTokens.encode(id, attributes(`${id}.${version}`, revokedAt ?? token.createdAt), data);
}

function integrationEvent(integration: Integration): OutgoingRecord {
  const { sourceOrg, name, kind, defaultHandle, noDefaultFor, severities, repeatHours, version } = integration;
  const key = integrationKeyOf(integration);
  return Integrations.encode(key, attributes(`${key}.${version}`, integration.updatedAt), {
    sourceOrg,
    name,
    kind,
    ...(defaultHandle === null ? {} : { defaultHandle }),
    noDefaultFor: [...noDefaultFor],
    severities: [...severities],
    repeatHours,
    version,
  });
}

function syncRequestEvent(connection: Connection, requestId: string, now: Date): OutgoingRecord {
  const { id, sourceOrg } = connection;
  const directory = directoryOfConnection(connection);
  return SyncRequests.encode(directory, attributes(`${id}.${requestId}`, now), {
    directory,
    connectionId: id,
    sourceOrg,
    cause: 'requested',
    requestedAt: now.toISOString(),
    requestId,
  });
}

const attributes = (id: string, time: Date) => ({
  id,
  source,
  time: time.toISOString(),
  traceparent: nextTraceparent(),
});
