import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { HandleRegistry, type SearchHit } from '@pagebridge/handle-registry';
import { ApiProblems, nextPage, OrgParam, Requires, Startup, serviceProblems } from '@pagebridge/service';
import type { Request } from 'express';
import { Tables } from '../application/tables.ts';
import { cursorOf, placeIn } from './handle-cursor.ts';
import { HandleList, HandleQuery, type OfferedHandle } from './handles.dto.ts';

/** Serves the handles of a source org, for autocomplete and lists. Any instance answers for every org. */
@ApiTags('handles')
@Controller('v1/source-orgs/:org/handles')
export class HandlesController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly tables: Tables,
    private readonly startup: Startup,
  ) {}

  @Requires('handles:read')
  @Get()
  @ApiOperation({
    summary: 'List handles that start with or contain the query; without one, all handles',
  })
  @ApiOkResponse({ type: HandleList })
  @ApiProblems(serviceProblems['not-ready'])
  find(
    @Param() { org }: OrgParam,
    @Query() { query, connection, limit, cursor }: HandleQuery,
    @Req() request: Request,
  ): HandleList {
    this.startup.requireDone();
    const now = new Date();
    const within = { connectionId: connection, after: cursor === undefined ? undefined : placeIn(cursor) };
    const hits = this.registry.search(org, query, limit + 1, now, within);
    const page = hits.slice(0, limit);
    const last = hits.length > limit ? page.at(-1) : undefined;
    return {
      items: this.offers(page),
      next: last ? nextPage(request, { limit, cursor: cursorOf(last) }) : null,
      total: this.registry.count(org, query, now, connection),
    };
  }

  private offers(hits: readonly SearchHit[]): OfferedHandle[] {
    return hits.map(({ handle, qualifiedHandle, teamHandle, teamName, connection, ambiguous }) => {
      const { connectionId, name: connectionName, directory } = connection;
      const dataCenter = this.tables.connection(connectionId)?.dataCenter ?? '';
      const lastCompleteSyncAt = this.registry.directoryStatus(directory)?.completeAt ?? null;
      const whose = { connectionId, connectionName, dataCenter };
      return { handle, teamHandle, teamName, ...whose, qualifiedHandle, ambiguous, lastCompleteSyncAt };
    });
  }
}
