import { ApiProperty, OmitType } from '@nestjs/swagger';
import { alertTopicUses } from '@pagebridge/vocabulary';
import { auditActions } from '../../domain/audit.ts';
import { count, PageOf, text, time } from './fields.ts';
import { WarningAnswer } from './warning-answer.ts';

export class SourceOrgAnswer {
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty({ type: [String] })
  localHandles!: string[];
  @ApiProperty({ type: String, nullable: true })
  fallbackHandle!: string | null;
  @ApiProperty({ enum: alertTopicUses, description: "Topics from which the org's alerts are read." })
  alertTopic!: string;
  @ApiProperty({ ...time, nullable: true, description: 'Time of the last change; null if never changed.' })
  alertTopicSince!: string | null;
  @ApiProperty({ ...count, description: '0 if the settings were never changed.' })
  version!: number;
  @ApiProperty({ ...time, nullable: true })
  updatedAt!: string | null;
}

export class SourceOrgSummaryAnswer extends OmitType(SourceOrgAnswer, [
  'localHandles',
  'alertTopic',
  'alertTopicSince',
]) {
  @ApiProperty({ ...count, description: 'Number of connections.' })
  connections!: number;
}

export class SourceOrgPageAnswer extends PageOf(SourceOrgSummaryAnswer) {}

export class UpdatedSettingsAnswer extends SourceOrgAnswer {
  @ApiProperty({ type: [WarningAnswer], description: 'Settings that were stored but have no effect now.' })
  warnings!: readonly WarningAnswer[];
}

const view = { type: Object, additionalProperties: true, nullable: true };
const shortenedView =
  'For large changes, unchanged fields may be omitted, a large field is `{ first, sha256 }`, and a large list is `{ count, first, sha256 }` ' +
  'with the first values that are not in the other list. `sha256` is the hash of the whole field as JSON.';

export class AuditEntryAnswer {
  @ApiProperty(text)
  id!: string;
  @ApiProperty({ ...text, description: 'Actor: `<issuer>#<subject>`.' })
  actor!: string;
  @ApiProperty({
    ...text,
    nullable: true,
    description: 'Person on whose behalf the actor claims to act; not verified.',
  })
  onBehalfOf!: string | null;
  @ApiProperty({ enum: auditActions })
  action!: string;
  @ApiProperty({ ...text, description: 'Id of the connection or token, name of the integration, or source org.' })
  target!: string;
  @ApiProperty({ ...view, description: `Target before the action. ${shortenedView}` })
  before!: object | null;
  @ApiProperty({ ...view, description: 'Target after the action.' })
  after!: object | null;
  @ApiProperty(text)
  requestId!: string;
  @ApiProperty(time)
  at!: string;
}

export class AuditPageAnswer extends PageOf(AuditEntryAnswer) {}
