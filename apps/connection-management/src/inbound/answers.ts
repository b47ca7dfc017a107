import { ApiProperty } from '@nestjs/swagger';
import { auditActions } from '../domain/audit.ts';
import { checkResults } from '../domain/check.ts';

const text = { type: String } as const;
const time = { type: String, format: 'date-time' } as const;
const count = { type: 'integer', minimum: 0 } as const;

export class CheckAnswer {
  @ApiProperty({ ...text, example: 'permission:teams_read' })
  name!: string;
  @ApiProperty({ enum: checkResults, description: '`unknown`: the destination would not say, which refuses nothing.' })
  result!: string;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, required: false, description: 'What to do about it.' })
  cure?: string;
  @ApiProperty({ ...text, required: false })
  missingPermission?: string;
}

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
      'The pair before the last rotation: do not revoke it while it is here, since the new one was not used yet.',
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
  @ApiProperty(time)
  since!: string;
}

export class SyncAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ ...count, description: 'On-call teams known after it.' })
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

export class FailoverAnswer {
  @ApiProperty({ ...text, format: 'uuid', description: 'The backup, another connection of the source org.' })
  connectionId!: string;
  @ApiProperty({ ...text, example: 'operations' })
  teamHandle!: string;
  @ApiProperty({ ...count, required: false, description: 'Calls that failed before the backup is paged.' })
  afterFailures?: number;
  @ApiProperty({ ...count, required: false, description: 'Seconds without acceptance before the backup is paged.' })
  afterSeconds?: number;
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
  @ApiProperty({ type: Boolean })
  enabled!: boolean;
  @ApiProperty({ enum: ['active', 'failing', 'disabled'] })
  status!: string;
  @ApiProperty({ type: FaultAnswer, required: false, description: 'Why it is failing.' })
  fault?: FaultAnswer;
  @ApiProperty({ type: SyncAnswer, required: false })
  lastSync?: SyncAnswer;
  @ApiProperty({ type: SyncFailureAnswer, required: false, description: 'The last sync failed; known handles stay.' })
  lastSyncFailure?: SyncFailureAnswer;
  @ApiProperty({ type: FailoverAnswer, nullable: true, description: 'Who is paged where a page is not taken in time.' })
  failover!: FailoverAnswer | null;
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
  @ApiProperty({ type: [CheckAnswer], description: 'Every check of its keys, as last made.' })
  checks!: CheckAnswer[];
}

export class CheckReportAnswer extends CheckedConnectionAnswer {
  @ApiProperty({ enum: ['passed', 'failed', 'unknown'] })
  result!: string;
}

const next = { type: String, nullable: true, description: 'Path of the next page; null on the last one.' } as const;

export class ConnectionPageAnswer {
  @ApiProperty({ type: [ConnectionAnswer] })
  items!: ConnectionAnswer[];
  @ApiProperty(next)
  next!: string | null;
}

export class SyncRequestedAnswer {
  @ApiProperty({ ...text, format: 'uuid' })
  connectionId!: string;
  @ApiProperty(time)
  requestedAt!: string;
}

export class SourceOrgAnswer {
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty({ type: [String] })
  localHandles!: string[];
  @ApiProperty({ type: String, nullable: true })
  fallbackHandle!: string | null;
  @ApiProperty({ ...count, description: '0 while nothing was settled.' })
  version!: number;
  @ApiProperty({ ...time, nullable: true })
  updatedAt!: string | null;
}

export class AuditEntryAnswer {
  @ApiProperty(text)
  id!: string;
  @ApiProperty({ ...text, description: 'The `x-actor` of the request, or `anonymous`.' })
  actor!: string;
  @ApiProperty({ enum: auditActions })
  action!: string;
  @ApiProperty({ ...text, description: 'Connection id, or the source org.' })
  target!: string;
  @ApiProperty({ type: Object, additionalProperties: true, nullable: true })
  before!: object | null;
  @ApiProperty({ type: Object, additionalProperties: true, nullable: true })
  after!: object | null;
  @ApiProperty(text)
  requestId!: string;
  @ApiProperty(time)
  at!: string;
}

export class AuditPageAnswer {
  @ApiProperty({ type: [AuditEntryAnswer] })
  items!: AuditEntryAnswer[];
  @ApiProperty(next)
  next!: string | null;
}

export class DataCenterAnswer {
  @ApiProperty({ ...text, example: 'EU1' })
  name!: string;
  @ApiProperty({ ...text, example: 'datadoghq.eu' })
  site!: string;
  @ApiProperty({ ...text, example: 'Germany' })
  location!: string;
  @ApiProperty({ ...text, format: 'uri' })
  apiUrl!: string;
  @ApiProperty({ ...text, format: 'uri' })
  pagingUrl!: string;
}

export class DataCenterListAnswer {
  @ApiProperty({ type: [DataCenterAnswer] })
  items!: DataCenterAnswer[];
}

export class FieldErrorAnswer {
  @ApiProperty({ ...text, description: 'Field of the body, or name of the header or parameter.' })
  field!: string;
  @ApiProperty(text)
  message!: string;
  @ApiProperty({ ...text, required: false })
  cure?: string;
}

export class ProblemAnswer {
  @ApiProperty({ ...text, example: 'urn:pagebridge:problem:name-taken' })
  type!: string;
  @ApiProperty(text)
  title!: string;
  @ApiProperty({ type: 'integer' })
  status!: number;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, description: 'A word for programs.', example: 'name-taken' })
  code!: string;
  @ApiProperty(text)
  instance!: string;
  @ApiProperty({ ...text, required: false, description: 'Look for it in the logs.' })
  requestId?: string;
  @ApiProperty({ type: [FieldErrorAnswer], required: false })
  errors?: FieldErrorAnswer[];
  @ApiProperty({ type: [CheckAnswer], required: false, description: 'Every check, where keys were checked.' })
  checks?: CheckAnswer[];
  @ApiProperty({ type: Boolean, required: false, description: 'True: the same request may succeed later.' })
  retriable?: boolean;
  @ApiProperty({ ...count, required: false, description: 'How long to wait before it, also as Retry-After.' })
  retryAfterMs?: number;
}
