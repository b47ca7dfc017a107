import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HandleRegistry } from '@pagebridge/handle-registry';
import {
  ApiProblems,
  BackgroundTable,
  nextPage,
  notReady,
  OrgParam,
  Requires,
  Startup,
  serviceProblems,
} from '@pagebridge/service';
import type { Request } from 'express';
import { describeContenders } from '../application/contenders.ts';
import { ConflictList, ConflictQuery } from './conflicts.dto.ts';

/**
 * Serves the handles of a source org that several teams claim, or that the org declares local. Leaves out connections whose
 * credential is refused: their org reads nothing more over them.
 */
@ApiTags('conflicts')
@Controller('v1/source-orgs/:org/conflicts')
export class ConflictsController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly startup: Startup,
    private readonly directories: BackgroundTable,
  ) {}

  @Requires('handles:read')
  @Get()
  @ApiOperation({ summary: 'List handles that several teams claim' })
  @ApiOkResponse({ type: ConflictList })
  @ApiProblems(serviceProblems['not-ready'])
  list(@Param() { org }: OrgParam, @Query() { limit, cursor }: ConflictQuery, @Req() request: Request): ConflictList {
    this.startup.requireDone();
    if (!this.directories.isRead()) throw notReady('directory states from Kafka');
    const { conflicts, next } = this.registry.conflicts(org, limit, new Date(), cursor);
    return {
      items: conflicts.map(({ handle, teamHandle, local, contenders }) => ({
        handle,
        teamHandle,
        local,
        contenders: describeContenders(contenders, local),
      })),
      next: next === undefined ? null : nextPage(request, { limit, cursor: next }),
    };
  }
}
