import { ApiProperty } from '@nestjs/swagger';
import { defaultFailoverSeconds, shares } from '@pagebridge/contracts';
import { CheckAnswer } from './check-answer.ts';
import { count, PageOf, text, time } from './fields.ts';
import { WarningAnswer } from './warning-answer.ts';

export class FormerCredentialAnswer {
  @ApiProperty(count)
  revision!: number;
  @ApiProperty({ ...text, maxLength: 4 })
  apiKeyLast4!: string;
  @ApiProperty({ ...text, maxLength: 4 })
  applicationKeyLast4!: string;
}

export class CredentialsAnswer {
  @ApiProperty({ ...text, maxLength: 4 })
  apiKeyLast4!: string;
  @ApiProperty({ ...text, maxLength: 4 })
  applicationKeyLast4!: string;
  @ApiProperty({ ...count, description: 'Incremented with each rotation.' })
  revision!: number;
  @ApiProperty({
    type: FormerCredentialAnswer,
    nullable: true,
    description:
      'Key pair before the last rotation. Do not revoke it while it is listed: the new pair has not been used yet.',
  })
  former!: FormerCredentialAnswer | null;
  @ApiProperty(time)
  checkedAt!: string;
  @ApiProperty({ enum: ['passed', 'failed'] })
  checkStatus!: string;
}

export class DestinationOrgAnswer {
  @ApiProperty(text)
  id!: string;
  @ApiProperty(text)
  name!: string;
}

export class FaultAnswer {
  @ApiProperty({ enum: ['handle-sync', 'page-delivery', 'connection-management'] })
  reportedBy!: string;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, required: false })
  missingPermission?: string;
  @ApiProperty({
    enum: [true],
    required: false,
    description: 'The keys are sealed for a key that the reporting service does not have.',
  })
  unopenable?: true;
  @ApiProperty(time)
  since!: string;
}

export class SyncAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ ...count, description: 'On-call teams known after the sync.' })
  teams!: number;
  @ApiProperty(count)
  added!: number;
  @ApiProperty(count)
  removed!: number;
  @ApiProperty(count)
  durationMs!: number;
}

export class SyncFailureAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty(text)
  detail!: string;
}

const afterSeconds = `Seconds without acceptance before the backup is paged; default ${defaultFailoverSeconds}.`;

export class FailoverAnswer {
  @ApiProperty({ ...text, format: 'uuid', description: 'Backup: another connection of the source org.' })
  connectionId!: string;
  @ApiProperty({ ...text, example: 'operations' })
  teamHandle!: string;
  @ApiProperty({
    ...count,
    required: false,
    description: 'Failed calls before the backup is paged, if reached earlier.',
  })
  afterFailures?: number;
  @ApiProperty({ ...count, required: false, description: afterSeconds })
  afterSeconds?: number;
}

export class DeletionAnswer {
  @ApiProperty(time)
  requestedAt!: string;
  @ApiProperty({ ...count, description: 'Resolved pages of the connection.' })
  resolvedPages!: number;
  @ApiProperty({ ...count, description: 'Pages of the connection that could not be resolved and may still be open.' })
  unresolvedPages!: number;
  @ApiProperty({
    ...count,
    description: 'Partitions that page-delivery has not reported yet; the connection is deleted at 0.',
  })
  partitionsLeft!: number;
}

export class ConnectionAnswer {
  @ApiProperty({ ...text, format: 'uuid' })
  id!: string;
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty(text)
  name!: string;
  @ApiProperty({ ...text, description: 'Qualifies a handle: `@oncall-<slug>/<team handle>`.' })
  slug!: string;
  @ApiProperty({ ...text, example: 'EU1' })
  dataCenter!: string;
  @ApiProperty({ type: DestinationOrgAnswer })
  destinationOrg!: DestinationOrgAnswer;
  @ApiProperty({
    ...text,
    description: 'Directory of the teams that the connection can page: data center, destination org, service account.',
  })
  directory!: string;
  @ApiProperty({ type: Boolean })
  enabled!: boolean;
  @ApiProperty({ enum: ['active', 'failing', 'disabled', 'deleting'] })
  status!: string;
  @ApiProperty({ type: DeletionAnswer, required: false, description: 'Progress of the deletion.' })
  deletion?: DeletionAnswer;
  @ApiProperty({ type: FaultAnswer, required: false, description: 'Cause of the failing status.' })
  fault?: FaultAnswer;
  @ApiProperty({ ...time, nullable: true, description: 'Time of the last complete sync.' })
  lastCompleteSyncAt!: string | null;
  @ApiProperty({
    ...count,
    description: 'Teams whose routing rules the last sync could not read; their known state is kept.',
  })
  unreadTeams!: number;
  @ApiProperty({ type: SyncAnswer, required: false })
  lastSync?: SyncAnswer;
  @ApiProperty({
    type: SyncFailureAnswer,
    required: false,
    description: 'Error of the last sync; known handles are kept.',
  })
  lastSyncFailure?: SyncFailureAnswer;
  @ApiProperty({ type: FailoverAnswer, nullable: true, description: 'Team to page if a page is not accepted in time.' })
  failover!: FailoverAnswer | null;
  @ApiProperty({
    enum: shares,
    description: 'What a snapshot shows to everyone who has the link at the end of a page.',
  })
  share!: string;
  @ApiProperty({
    ...time,
    nullable: true,
    description: 'Snapshot links of pages that were accepted before this time are revoked.',
  })
  shareRevokedBefore!: string | null;
  @ApiProperty({ type: CredentialsAnswer })
  credentials!: CredentialsAnswer;
  @ApiProperty({ ...count, description: 'Incremented with each change; part of the ETag.' })
  version!: number;
  @ApiProperty(time)
  createdAt!: string;
  @ApiProperty(time)
  updatedAt!: string;
}

export class CheckedConnectionAnswer extends ConnectionAnswer {
  @ApiProperty({ type: [CheckAnswer], description: 'Last result of every key check.' })
  checks!: CheckAnswer[];
  @ApiProperty({ type: [String], format: 'uuid', description: 'Last sync requests that were answered.' })
  answeredSyncs!: readonly string[];
}

export class ChangedConnectionAnswer extends CheckedConnectionAnswer {
  @ApiProperty({ type: [WarningAnswer], description: 'Settings that were stored but have no effect now.' })
  warnings!: readonly WarningAnswer[];
}

export class CheckReportAnswer extends CheckedConnectionAnswer {
  @ApiProperty({ enum: ['passed', 'failed', 'unknown'] })
  result!: string;
}

export class ConnectionPageAnswer extends PageOf(ConnectionAnswer) {}

export class SyncRequestedAnswer {
  @ApiProperty({ ...text, format: 'uuid' })
  connectionId!: string;
  @ApiProperty({
    ...text,
    format: 'uuid',
    description: 'Id of the sync request; after the sync, `answeredSyncs` of the connection contains it.',
  })
  requestId!: string;
  @ApiProperty(time)
  requestedAt!: string;
}
