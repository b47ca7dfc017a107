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

const cure = { context: { cure: 'Give 1 to 512 characters.' } };

class TraceQuery {
  @ApiPropertyOptional({ description: 'The key of the alert, as its source names it.', minLength: 1, maxLength: 512 })
  @IsOptional()
  @Length(1, 512, { message: 'alertKey must be a text of 1 to 512 characters', ...cure })
  alertKey?: string;

  @ApiPropertyOptional({
    description: 'Instead: a page of the alert, by the id of Pagebridge or of the destination.',
    minLength: 1,
    maxLength: 512,
  })
  @IsOptional()
  @Length(1, 512, { message: 'page must be a text of 1 to 512 characters', ...cure })
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
    summary: 'The whole life of an alert, and in one sentence whom it paged or why it did not',
    description: 'Also of an alert of which nothing is known: `asOf` and `keptSince` say how far that goes.',
  })
  @ApiOkResponse({ type: TraceAnswer })
  @ApiProblems(problems['page-unknown'], problems['too-many-questions'], databaseProblems['database-unavailable'])
  async read(@Param() { org }: OrgParam, @Query() { alertKey, page }: TraceQuery): Promise<TraceAnswer> {
    if ((alertKey === undefined) === (page === undefined)) {
      const message = 'give either alertKey or page';
      throw invalid([
        { field: 'alertKey', message, cure: 'Give the key of the alert, or the id of one of its pages.' },
      ]);
    }
    const key = alertKey ?? (await this.traces.alertOfPage(org, page ?? ''));
    if (key !== undefined) return packed(await this.traces.of(org, key));
    const detail = `No page of ${org} has this id: it is older than what is kept, or another org's.`;
    throw new Problem({ ...problems['page-unknown'], detail });
  }
}
