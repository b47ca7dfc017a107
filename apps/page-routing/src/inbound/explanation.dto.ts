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
  @ApiProperty({ description: "The team's id in its destination org." })
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

  @ApiPropertyOptional({ description: 'Left out if the team of the backup was not found.' })
  teamId?: string;

  @ApiPropertyOptional({ type: 'integer' })
  afterFailures?: number;

  @ApiPropertyOptional({ type: 'integer', description: `${defaultFailoverSeconds} if left out.` })
  afterSeconds?: number;

  @ApiPropertyOptional({ enum: failoverResults.filter((result) => result !== 'found') })
  reason?: string;

  @ApiPropertyOptional({ description: 'Why the page has no backup, with the cure.' })
  detail?: string;
}

class OutputDto {
  @ApiProperty({ example: 'paging.page-commands.v1' })
  topic!: string;

  @ApiProperty({ description: 'The alert identity.', example: 'acme-us/monitor-1234' })
  key!: string;

  @ApiProperty({ description: 'CloudEvents id.' })
  id!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As described in the AsyncAPI document.' })
  data!: object;
}

export class ExplainedDecisionDto {
  @ApiProperty({ enum: ['page', 'same-page', 'unrouted', 'resolve'] })
  kind!: Decision['kind'];

  @ApiPropertyOptional({ description: 'The text after @oncall-.', example: 'core-infra.' })
  mention?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'The names looked up for the mention, in order, up to the one that matched.',
    example: ['core-infra.', 'core-infra'],
  })
  namesTried?: string[];

  @ApiPropertyOptional({ enum: matchedHow, description: '`fallback`: no name matched, so the fallback is paged.' })
  matched?: (typeof matchedHow)[number];

  @ApiPropertyOptional({ description: 'The name that matched, or that of the fallback.', example: 'core-infra' })
  name?: string;

  @ApiPropertyOptional({ type: () => ConnectionDto })
  connection?: ConnectionDto;

  @ApiPropertyOptional({ type: () => TeamDto })
  team?: TeamDto;

  @ApiPropertyOptional({
    type: () => [ContenderDto],
    description: 'The teams that claim the name, in the order of their claims; left out if it is only one.',
  })
  contenders?: ContenderDto[];

  @ApiPropertyOptional({ description: 'Why the first contender has the name.' })
  why?: string;

  @ApiPropertyOptional({ type: () => FailoverDto, description: 'Paged if the page is not accepted in time.' })
  failover?: FailoverDto;

  @ApiPropertyOptional({ enum: urgencies })
  urgency?: (typeof urgencies)[number];

  @ApiPropertyOptional({ description: 'Always the same for the same event, connection and team.' })
  pageId?: string;

  @ApiPropertyOptional({ enum: unroutedReasons })
  reason?: string;

  @ApiPropertyOptional({ description: 'The reason as a sentence, with the cure.' })
  detail?: string;

  @ApiPropertyOptional({ type: () => NearestDto })
  nearest?: NearestDto;

  @ApiPropertyOptional({ description: 'Until when the handle would wait, and page late if it becomes known.' })
  waitingUntil?: string;

  @ApiPropertyOptional({ type: () => OutputDto, description: 'The event that page-routing would write.' })
  wouldSend?: OutputDto;
}

export class ExplanationDto {
  @ApiProperty({ description: 'The alert identity.', example: 'acme-us/monitor-1234' })
  alert!: string;

  @ApiPropertyOptional({ type: () => RefusalDto, description: 'Set if the whole alert would be parked.' })
  refused?: RefusalDto;

  @ApiPropertyOptional({ description: 'Why there is nothing to decide, with the cure.' })
  note?: string;

  @ApiProperty({ type: () => [ExplainedDecisionDto] })
  decisions!: ExplainedDecisionDto[];

  @ApiProperty({
    type: [String],
    description:
      'The directories in which the first unknown handle would be looked up, unless a look-up was requested there within `SYNC_REQUEST_GAP_SECONDS`.',
  })
  wouldSync!: string[];
}
