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
  @ApiProperty({ enum: alertTopicUses, description: "From which topics the org's alerts are read." })
  alertTopic!: string;
  @ApiProperty({ ...time, nullable: true, description: 'Since when; null if it was never changed.' })
  alertTopicSince!: string | null;
  @ApiProperty({ ...count, description: '0 if nothing was ever set.' })
  version!: number;
  @ApiProperty({ ...time, nullable: true })
  updatedAt!: string | null;
}

export class SourceOrgSummaryAnswer extends OmitType(SourceOrgAnswer, [
  'localHandles',
  'alertTopic',
  'alertTopicSince',
]) {
  @ApiProperty({ ...count, description: 'How many connections it has.' })
  connections!: number;
}

export class SourceOrgPageAnswer extends PageOf(SourceOrgSummaryAnswer) {}

export class UpdatedSettingsAnswer extends SourceOrgAnswer {
  @ApiProperty({ type: [WarningAnswer], description: 'Settings that were stored but have no effect at present.' })
  warnings!: readonly WarningAnswer[];
}

const view = { type: Object, additionalProperties: true, nullable: true };
const shortenedView =
  'Of a large change, fields that stay as they are may be absent, and a large field is `{ first, sha256 }`, a list `{ count, first, sha256 }` ' +
  'with the first values that the other list lacks; `sha256` is of the whole field as JSON.';

export class AuditEntryAnswer {
  @ApiProperty(text)
  id!: string;
  @ApiProperty({ ...text, description: 'Who did it: `<issuer>#<subject>`.' })
  actor!: string;
  @ApiProperty({ ...text, nullable: true, description: 'On whose behalf the actor says it acted; not verified.' })
  onBehalfOf!: string | null;
  @ApiProperty({ enum: auditActions })
  action!: string;
  @ApiProperty({ ...text, description: 'Id of the connection or token, name of the integration, or the source org.' })
  target!: string;
  @ApiProperty({ ...view, description: `The target before the action. ${shortenedView}` })
  before!: object | null;
  @ApiProperty({ ...view, description: 'The target after the action.' })
  after!: object | null;
  @ApiProperty(text)
  requestId!: string;
  @ApiProperty(time)
  at!: string;
}

export class AuditPageAnswer extends PageOf(AuditEntryAnswer) {}
