import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HandleRegistry, type SearchHit } from '@pagebridge/handle-registry';
import { OrgParam, Startup } from '@pagebridge/service';
import { Tables } from '../application/tables.ts';
import { HandleList, HandleQuery, type OfferedHandle } from './handles.dto.ts';

/** Autocomplete of the handles that a source org can mention. Any instance answers for every org. */
@ApiTags('handles')
@Controller('v1/source-orgs/:org/handles')
export class HandlesController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly tables: Tables,
    private readonly startup: Startup,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Handles that begin with, then that contain, the query' })
  @ApiOkResponse({ type: HandleList })
  @ApiResponse({ status: 400, description: 'problem+json: a parameter is not as it must be' })
  @ApiResponse({ status: 503, description: 'problem+json: the handles are still being read from Kafka' })
  find(@Param() { org }: OrgParam, @Query() { query, limit }: HandleQuery): HandleList {
    this.startup.requireDone();
    return { items: this.registry.search(org, query, limit, new Date()).map((hit) => this.offer(hit)) };
  }

  private offer(hit: SearchHit): OfferedHandle {
    const { handle, qualifiedHandle, teamHandle, teamName, connection, ambiguous } = hit;
    const { connectionId, name: connectionName } = connection;
    const dataCenter = this.tables.connection(connectionId)?.dataCenter ?? '';
    return { handle, teamHandle, teamName, connectionId, connectionName, dataCenter, qualifiedHandle, ambiguous };
  }
}
