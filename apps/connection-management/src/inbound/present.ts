import type { Response } from 'express';
import type { ListedEntry, SourceOrgSummary } from '../application/ports.ts';
import { type Connection, directoryOfConnection, type FormerCredential } from '../domain/connection.ts';
import { statusOf } from '../domain/connection-status.ts';
import { progressOf } from '../domain/deletion.ts';
import { entityTag } from '../domain/entity-tag.ts';
import type { SourceOrgSettings } from '../domain/source-org-settings.ts';
import type { CheckAnswer } from './dto/check-answer.ts';
import type { CheckedConnectionAnswer, ConnectionAnswer } from './dto/connection-answers.ts';
import type { AuditEntryAnswer, SourceOrgAnswer, SourceOrgSummaryAnswer } from './dto/source-org-answers.ts';

/** Returns a connection as callers see it: only the last four characters of its keys. */
export function connectionAnswer(connection: Connection): ConnectionAnswer {
  const { credential, formerCredential, health, deletion, destinationOrg } = connection;
  const status = statusOf(connection);
  const { lastSync, lastSyncFailure } = health;
  return {
    id: connection.id,
    sourceOrg: connection.sourceOrg,
    name: connection.name,
    slug: connection.slug,
    dataCenter: connection.dataCenter,
    destinationOrg,
    directory: directoryOfConnection(connection),
    enabled: connection.enabled,
    status: status.state,
    ...('fault' in status && status.fault
      ? { fault: { ...status.fault, since: status.fault.since.toISOString() } }
      : {}),
    lastCompleteSyncAt: lastSync ? lastSync.at.toISOString() : null,
    unreadTeams: lastSyncFailure?.unread ?? 0,
    ...(lastSync ? { lastSync: { ...lastSync, at: lastSync.at.toISOString() } } : {}),
    ...(lastSyncFailure
      ? { lastSyncFailure: { at: lastSyncFailure.at.toISOString(), detail: lastSyncFailure.detail } }
      : {}),
    ...(deletion ? { deletion: { requestedAt: deletion.requestedAt.toISOString(), ...progressOf(deletion) } } : {}),
    failover: connection.failover ?? null,
    share: connection.share,
    shareRevokedBefore: connection.shareRevokedBefore?.toISOString() ?? null,
    credentials: {
      apiKeyLast4: credential.apiKeyLast4,
      applicationKeyLast4: credential.applicationKeyLast4,
      revision: credential.revision,
      former: formerCredential ? formerAnswer(formerCredential) : null,
      checkedAt: credential.checkedAt.toISOString(),
      checkStatus: credential.checkStatus,
    },
    version: connection.version,
    createdAt: connection.createdAt.toISOString(),
    updatedAt: connection.updatedAt.toISOString(),
  };
}

const formerAnswer = ({ revision, apiKeyLast4, applicationKeyLast4 }: FormerCredential) => ({
  revision,
  apiKeyLast4,
  applicationKeyLast4,
});

/** Returns the connection with its checks, and sets the ETag header to the version shown. */
export function taggedAnswer(
  connection: Connection,
  response: Response,
  checks: readonly CheckAnswer[] = connection.credential.checks,
): CheckedConnectionAnswer {
  response.setHeader('ETag', entityTag(connection.version, connection.stateRevision));
  return { ...connectionAnswer(connection), checks: [...checks], answeredSyncs: connection.health.answered ?? [] };
}

export const sourceOrgAnswer = (settings: SourceOrgSettings): SourceOrgAnswer => ({
  sourceOrg: settings.sourceOrg,
  localHandles: [...settings.localHandles],
  fallbackHandle: settings.fallbackHandle ?? null,
  alertTopic: settings.alertTopic,
  alertTopicSince: settings.alertTopicSince?.toISOString() ?? null,
  version: settings.version,
  updatedAt: settings.updatedAt?.toISOString() ?? null,
});

export const sourceOrgSummaryAnswer = (summary: SourceOrgSummary): SourceOrgSummaryAnswer => ({
  sourceOrg: summary.sourceOrg,
  connections: summary.connections,
  fallbackHandle: summary.fallbackHandle ?? null,
  version: summary.version,
  updatedAt: summary.updatedAt?.toISOString() ?? null,
});

export const auditEntryAnswer = (entry: ListedEntry): AuditEntryAnswer => ({
  id: entry.id,
  actor: entry.actor,
  onBehalfOf: entry.onBehalfOf,
  action: entry.action,
  target: entry.target,
  before: entry.before,
  after: entry.after,
  requestId: entry.requestId,
  at: entry.at.toISOString(),
});
