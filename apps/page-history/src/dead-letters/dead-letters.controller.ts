import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, type IdentifiedRequest, OrgParam, Requires, requireHeld } from '@pagebridge/service';
import type { Request } from 'express';
import { linkTo } from '../asked/list-query.ts';
import { DeadLetterList, DeadLetterQuery } from './dead-letters.dto.ts';
import { DeadLetters } from './dead-letters.service.ts';

@ApiTags('history')
@Controller('v1')
export class DeadLettersController {
  constructor(private readonly letters: DeadLetters) {}

  @Requires('history:read')
  @Get('source-orgs/:org/dead-letters')
  @ApiOperation({ summary: 'List dead letters of alerts and pages, latest first' })
  @ApiOkResponse({ type: DeadLetterList })
  @ApiProblems(databaseProblems['database-unavailable'])
  async ofOrg(
    @Param() { org }: OrgParam,
    @Query() query: DeadLetterQuery,
    @Req() request: Request,
  ): Promise<DeadLetterList> {
    const { next, ...list } = await this.letters.list(org, query);
    return { ...list, next: linkTo(request, next) };
  }

  @Requires('dead-letters:replay', 'none')
  @Get('dead-letters')
  @ApiOperation({ summary: 'List unreadable dead letters, which belong to no source org' })
  @ApiOkResponse({ type: DeadLetterList })
  @ApiProblems(databaseProblems['database-unavailable'])
  async ofNobody(@Query() query: DeadLetterQuery, @Req() request: IdentifiedRequest): Promise<DeadLetterList> {
    // Whoever may replay for one org does not see what may be of another.
    requireHeld({ identity: request.identity, sourceOrg: '*' }, 'dead-letters:replay');
    const { next, ...list } = await this.letters.list('', query);
    return { ...list, next: linkTo(request, next) };
  }
}
