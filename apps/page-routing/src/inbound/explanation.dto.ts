import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { defaultFailoverSeconds, matchedHow, unroutedReasons } from '@pagebridge/contracts';
import { type Decision, failoverResults } from '@pagebridge/routing';
import { urgencies } from '@pagebridge/vocabulary';
import { ContenderDto } from './contender.dto.ts';

class RefusalDto {
  @ApiProperty({ example: 'too-many-handles' })
  reason!: string;

  @ApiProperty()
  detail!: string;
}

class ConnectionDto {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  name!: string;

  @ApiProperty({ example: 'globex-eu' })
  slug!: string;

  @ApiProperty()
  enabled!: boolean;
}

class TeamDto {
  @ApiProperty({ description: 'Id of the team in its destination org.' })
  teamId!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;
}

class NearestDto {
  @ApiProperty({ example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ format: 'uuid' })
  connectionId!: string;
}

class FailoverDto {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'operations' })
  teamHandle!: string;

  @ApiPropertyOptional({ description: 'Absent if the team of the backup was not found.' })
  teamId?: string;

  @ApiPropertyOptional({ type: 'integer' })
  afterFailures?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: `Seconds before the backup is paged; default ${defaultFailoverSeconds}.`,
  })
  afterSeconds?: number;

  @ApiPropertyOptional({ enum: failoverResults.filter((result) => result !== 'found') })
  reason?: string;

  @ApiPropertyOptional({ description: 'Reason why the page has no backup, with the cure.' })
  detail?: string;
}

class OutputDto {
  @ApiProperty({ example: 'paging.page-commands.v1' })
  topic!: string;

  @ApiProperty({ description: 'Identity of the alert.', example: 'acme-us/monitor-1234' })
  key!: string;

  @ApiProperty({ description: 'CloudEvents id.' })
  id!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As described in the AsyncAPI document.' })
  data!: object;
}

export class ExplainedDecisionDto {
  @ApiProperty({ enum: ['page', 'same-page', 'unrouted', 'resolve'] })
  kind!: Decision['kind'];

  @ApiPropertyOptional({ description: 'Text after @oncall-.', example: 'core-infra.' })
  mention?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Names that were looked up for the mention, in order, up to the match.',
    example: ['core-infra.', 'core-infra'],
  })
  namesTried?: string[];

  @ApiPropertyOptional({ enum: matchedHow, description: '`fallback`: no name matched, so the fallback is paged.' })
  matched?: (typeof matchedHow)[number];

  @ApiPropertyOptional({ description: 'Name that matched, or the name of the fallback.', example: 'core-infra' })
  name?: string;

  @ApiPropertyOptional({ type: () => ConnectionDto })
  connection?: ConnectionDto;

  @ApiPropertyOptional({ type: () => TeamDto })
  team?: TeamDto;

  @ApiPropertyOptional({
    type: () => [ContenderDto],
    description: 'Teams that claim the name, in the order of their claims; absent if only one team does.',
  })
  contenders?: ContenderDto[];

  @ApiPropertyOptional({ description: 'Reason why the first contender has the name.' })
  why?: string;

  @ApiPropertyOptional({
    type: () => FailoverDto,
    description: 'Backup that is paged if the page is not accepted in time.',
  })
  failover?: FailoverDto;

  @ApiPropertyOptional({ enum: urgencies })
  urgency?: (typeof urgencies)[number];

  @ApiPropertyOptional({ description: 'Page id; the same for the same event, connection and team.' })
  pageId?: string;

  @ApiPropertyOptional({ enum: unroutedReasons })
  reason?: string;

  @ApiPropertyOptional({ description: 'Reason in one sentence, with the cure.' })
  detail?: string;

  @ApiPropertyOptional({ type: () => NearestDto })
  nearest?: NearestDto;

  @ApiPropertyOptional({
    description: 'Time until which the handle waits; it is paged late if it becomes known by then.',
  })
  waitingUntil?: string;

  @ApiPropertyOptional({ type: () => OutputDto, description: 'Event that page-routing would write.' })
  wouldSend?: OutputDto;
}

export class ExplanationDto {
  @ApiProperty({ description: 'Identity of the alert.', example: 'acme-us/monitor-1234' })
  alert!: string;

  @ApiPropertyOptional({ type: () => RefusalDto, description: 'Reason if the whole alert would be parked.' })
  refused?: RefusalDto;

  @ApiPropertyOptional({ description: 'Reason why no handle is routed, with the cure.' })
  note?: string;

  @ApiProperty({ type: () => [ExplainedDecisionDto] })
  decisions!: ExplainedDecisionDto[];

  @ApiProperty({
    type: [String],
    description:
      'Directories in which the first unknown handle would be looked up, unless a look-up was requested there within `SYNC_REQUEST_GAP_SECONDS`.',
  })
  wouldSync!: string[];
}
