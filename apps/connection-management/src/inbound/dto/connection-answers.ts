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
  @ApiProperty({ ...count, description: 'Grows with each rotation.' })
  revision!: number;
  @ApiProperty({
    type: FormerCredentialAnswer,
    nullable: true,
    description:
      'The pair before the last rotation: do not revoke it while it is listed, since the new pair has not been used yet.',
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
    description: 'The keys are sealed for a key that the reporter does not hold.',
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

const afterSeconds = `Seconds without acceptance before the backup is paged; ${defaultFailoverSeconds} if left out.`;

export class FailoverAnswer {
  @ApiProperty({ ...text, format: 'uuid', description: 'The backup, another connection of the source org.' })
  connectionId!: string;
  @ApiProperty({ ...text, example: 'operations' })
  teamHandle!: string;
  @ApiProperty({
    ...count,
    required: false,
    description: 'Calls that failed before the backup is paged, if that is sooner.',
  })
  afterFailures?: number;
  @ApiProperty({ ...count, required: false, description: afterSeconds })
  afterSeconds?: number;
}

export class DeletionAnswer {
  @ApiProperty(time)
  requestedAt!: string;
  @ApiProperty({ ...count, description: 'Pages of the connection that have been resolved.' })
  resolvedPages!: number;
  @ApiProperty({ ...count, description: 'Pages of the connection that could not be resolved, and may still be open.' })
  unresolvedPages!: number;
  @ApiProperty({ ...count, description: 'Partitions that page-delivery has not reported yet; at 0 it is removed.' })
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
  @ApiProperty({ ...text, description: 'Whose teams it can page: data center, destination org, service account.' })
  directory!: string;
  @ApiProperty({ type: Boolean })
  enabled!: boolean;
  @ApiProperty({ enum: ['active', 'failing', 'disabled', 'deleting'] })
  status!: string;
  @ApiProperty({ type: DeletionAnswer, required: false, description: 'The progress of its deletion.' })
  deletion?: DeletionAnswer;
  @ApiProperty({ type: FaultAnswer, required: false, description: 'Why it is failing.' })
  fault?: FaultAnswer;
  @ApiProperty({ ...time, nullable: true, description: 'When all its teams were last seen.' })
  lastCompleteSyncAt!: string | null;
  @ApiProperty({
    ...count,
    description: 'Teams whose routing rules the last sync could not read; what was known of them stays.',
  })
  unreadTeams!: number;
  @ApiProperty({ type: SyncAnswer, required: false })
  lastSync?: SyncAnswer;
  @ApiProperty({ type: SyncFailureAnswer, required: false, description: 'The last sync failed; known handles stay.' })
  lastSyncFailure?: SyncFailureAnswer;
  @ApiProperty({ type: FailoverAnswer, nullable: true, description: 'Whom to page if a page is not accepted in time.' })
  failover!: FailoverAnswer | null;
  @ApiProperty({
    enum: shares,
    description: 'What a snapshot shows to whoever has the link that ends the text of a page.',
  })
  share!: string;
  @ApiProperty({
    ...time,
    nullable: true,
    description: 'Links of pages that were accepted before open nothing any more.',
  })
  shareRevokedBefore!: string | null;
  @ApiProperty({ type: CredentialsAnswer })
  credentials!: CredentialsAnswer;
  @ApiProperty({ ...count, description: 'Grows with each change; part of the ETag.' })
  version!: number;
  @ApiProperty(time)
  createdAt!: string;
  @ApiProperty(time)
  updatedAt!: string;
}

export class CheckedConnectionAnswer extends ConnectionAnswer {
  @ApiProperty({ type: [CheckAnswer], description: 'The last result of every check of its keys.' })
  checks!: CheckAnswer[];
  @ApiProperty({ type: [String], format: 'uuid', description: 'The last requests for a sync that were answered.' })
  answeredSyncs!: readonly string[];
}

export class ChangedConnectionAnswer extends CheckedConnectionAnswer {
  @ApiProperty({ type: [WarningAnswer], description: 'Settings that were stored but have no effect at present.' })
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
    description: 'Once answered, it is among `answeredSyncs` of the connection.',
  })
  requestId!: string;
  @ApiProperty(time)
  requestedAt!: string;
}
