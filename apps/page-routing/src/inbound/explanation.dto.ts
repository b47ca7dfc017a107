import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { matchedHow, unroutedReasons } from '@pagebridge/contracts';
import { urgencies } from '@pagebridge/vocabulary';
import type { Decision } from '../domain/decision.ts';
import { failoverResults } from '../domain/failover.ts';
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

  @ApiPropertyOptional({ description: 'Left out where the backup leads nowhere.' })
  teamId?: string;

  @ApiPropertyOptional({ type: 'integer' })
  afterFailures?: number;

  @ApiPropertyOptional({ type: 'integer' })
  afterSeconds?: number;

  @ApiPropertyOptional({ enum: failoverResults.filter((result) => result !== 'found') })
  reason?: string;

  @ApiPropertyOptional({ description: 'Why the page goes out without a backup, with the cure.' })
  detail?: string;
}

class OutputDto {
  @ApiProperty({ example: 'paging.page-commands.v1' })
  topic!: string;

  @ApiProperty({ description: 'The alert identity.', example: 'acme-us/monitor-1234' })
  key!: string;

  @ApiProperty({ description: 'CloudEvents id.' })
  id!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the AsyncAPI document describes it.' })
  data!: object;
}

export class ExplainedDecisionDto {
  @ApiProperty({ enum: ['page', 'same-page', 'unrouted', 'resolve'] })
  kind!: Decision['kind'];

  @ApiPropertyOptional({ description: 'The text after @oncall-.', example: 'core-infra.' })
  mention?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'The names the mention may mean, as tried, up to the one that decided.',
    example: ['core-infra.', 'core-infra'],
  })
  namesTried?: string[];

  @ApiPropertyOptional({ enum: matchedHow, description: '`fallback`: no name matched, the fallback handle is paged.' })
  matched?: (typeof matchedHow)[number];

  @ApiPropertyOptional({ description: 'The name that matched, or that of the fallback.', example: 'core-infra' })
  name?: string;

  @ApiPropertyOptional({ type: () => ConnectionDto })
  connection?: ConnectionDto;

  @ApiPropertyOptional({ type: () => TeamDto })
  team?: TeamDto;

  @ApiPropertyOptional({
    type: () => [ContenderDto],
    description: 'All that claim the name, in the order in which they did; left out where one does.',
  })
  contenders?: ContenderDto[];

  @ApiPropertyOptional({ description: 'Why the first of them has the name, in a sentence.' })
  why?: string;

  @ApiPropertyOptional({ type: () => FailoverDto, description: 'Who is paged where it is not accepted in time.' })
  failover?: FailoverDto;

  @ApiPropertyOptional({ enum: urgencies })
  urgency?: (typeof urgencies)[number];

  @ApiPropertyOptional({ description: 'The same event always gives the same id.' })
  pageId?: string;

  @ApiPropertyOptional({ enum: unroutedReasons })
  reason?: string;

  @ApiPropertyOptional({ description: 'The reason in a sentence, with its cure.' })
  detail?: string;

  @ApiPropertyOptional({ type: () => NearestDto })
  nearest?: NearestDto;

  @ApiPropertyOptional({ description: 'Until when the handle would page late, were it known by then.' })
  waitingUntil?: string;

  @ApiPropertyOptional({ type: () => OutputDto, description: 'The event that routing would write.' })
  wouldSend?: OutputDto;
}

export class ExplanationDto {
  @ApiProperty({ description: 'The alert identity.', example: 'acme-us/monitor-1234' })
  alert!: string;

  @ApiPropertyOptional({ type: () => RefusalDto, description: 'The alert as a whole would go to the dead letters.' })
  refused?: RefusalDto;

  @ApiPropertyOptional({ description: 'There is nothing to decide: why, and what helps.' })
  note?: string;

  @ApiProperty({ type: () => [ExplainedDecisionDto] })
  decisions!: ExplainedDecisionDto[];

  @ApiProperty({ type: [String], description: 'Directories of teams that would be looked at anew.' })
  wouldSync!: string[];
}
