import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, invalid, OrgParam, Problem, Requires } from '@pagebridge/service';
import { packed } from '@pagebridge/trace';
import { IsOptional, Length } from 'class-validator';
import { Questions } from '../asked/slots.ts';
import { problems } from '../problems.ts';
import { Traces } from './trace.service.ts';
import { TraceAnswer } from './trace-answer.ts';

const cure = { context: { cure: 'Use 1 to 512 characters.' } };

class TraceQuery {
  @ApiPropertyOptional({ description: 'Key of the alert at its source.', minLength: 1, maxLength: 512 })
  @IsOptional()
  @Length(1, 512, { message: 'alertKey must be 1 to 512 characters', ...cure })
  alertKey?: string;

  @ApiPropertyOptional({
    description: 'Alternative to `alertKey`: a page of the alert, by its id in Pagebridge or in the destination.',
    minLength: 1,
    maxLength: 512,
  })
  @IsOptional()
  @Length(1, 512, { message: 'page must be 1 to 512 characters', ...cure })
  page?: string;
}

@ApiTags('history')
@UseGuards(Questions)
@Controller('v1/source-orgs/:org/trace')
export class TracesController {
  constructor(private readonly traces: Traces) {}

  @Requires('history:read')
  @Get()
  @ApiOperation({
    summary: 'Trace an alert: whom it paged, or why not',
    description: 'Also answers for an unknown alert; `asOf` and `keptSince` give the period of the stored history.',
  })
  @ApiOkResponse({ type: TraceAnswer })
  @ApiProblems(problems['page-unknown'], problems['too-many-questions'], databaseProblems['database-unavailable'])
  async read(@Param() { org }: OrgParam, @Query() { alertKey, page }: TraceQuery): Promise<TraceAnswer> {
    if ((alertKey === undefined) === (page === undefined)) {
      const message = 'either alertKey or page is required';
      throw invalid([{ field: 'alertKey', message, cure: 'Use the key of the alert, or the id of one of its pages.' }]);
    }
    const key = alertKey ?? (await this.traces.alertOfPage(org, page ?? ''));
    if (key !== undefined) return packed(await this.traces.of(org, key));
    const detail = `${org} has no page with this id. The page is older than the stored history, or belongs to another org.`;
    throw new Problem({ ...problems['page-unknown'], detail });
  }
}
