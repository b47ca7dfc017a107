import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HandleRegistry, type SearchHit } from '@pagebridge/handle-registry';
import { OrgParam, Requires, Startup } from '@pagebridge/service';
import type { Request } from 'express';
import { Tables } from '../application/tables.ts';
import { cursorOf, placeIn } from './handle-cursor.ts';
import { HandleList, HandleQuery, type OfferedHandle } from './handles.dto.ts';

/** Serves the handles of a source org, for autocomplete and in pages. Any instance answers for every org. */
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
    summary: 'Handles that begin with the query, then those that contain it; without a query all handles, in pages',
  })
  @ApiOkResponse({ type: HandleList })
  @ApiResponse({ status: 400, description: 'problem+json: a parameter is invalid' })
  @ApiResponse({ status: 503, description: 'problem+json: the handles are still being read from Kafka' })
  find(
    @Param() { org }: OrgParam,
    @Query() { query, limit, cursor }: HandleQuery,
    @Req() { path }: Request,
  ): HandleList {
    this.startup.requireDone();
    const after = cursor === undefined ? undefined : placeIn(cursor, query);
    if (query.trim() !== '')
      return { items: this.offers(this.registry.search(org, query, limit, new Date())), next: null };
    const hits = this.registry.list(org, limit + 1, new Date(), after);
    const page = hits.slice(0, limit);
    const last = hits.length > limit ? page.at(-1) : undefined;
    return { items: this.offers(page), next: last ? `${path}?limit=${limit}&cursor=${cursorOf(last)}` : null };
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
