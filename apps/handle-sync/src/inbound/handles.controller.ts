import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HandleRegistry, type SearchHit } from '@pagebridge/handle-registry';
import { Problem, Startup } from '@pagebridge/service';
import { Tables } from '../application/tables.ts';
import { HandleList, HandleQuery, type OfferedHandle, OrgParam } from './handles.dto.ts';

/** Autocomplete of the handles that a source org can mention. Any instance answers for every org. */
@ApiTags('handles')
@Controller('v1/source-orgs/:org/handles')
export class HandlesController {
  constructor(
    @Inject(HandleRegistry) private readonly registry: HandleRegistry,
    @Inject(Tables) private readonly tables: Tables,
    @Inject(Startup) private readonly startup: Startup,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Handles that begin with, then that contain, the query' })
  @ApiOkResponse({ type: HandleList })
  @ApiResponse({ status: 400, description: 'problem+json: a parameter is not as it must be' })
  @ApiResponse({ status: 503, description: 'problem+json: the handles are still being read from Kafka' })
  find(@Param() { org }: OrgParam, @Query() { query, limit }: HandleQuery): HandleList {
    const { ok, detail } = this.startup.status();
    if (!ok) {
      throw new Problem({
        status: 503,
        code: 'not-ready',
        title: 'Not ready',
        detail: `The handles are still being read from Kafka (${detail}); ask again in a moment.`,
      });
    }
    return { items: this.registry.search(org, query, limit, new Date()).map((hit) => this.offer(hit)) };
  }

  private offer(hit: SearchHit): OfferedHandle {
    const { handle, qualifiedHandle, teamHandle, teamName, connection, ambiguous } = hit;
    const { connectionId, name: connectionName } = connection;
    const dataCenter = this.tables.connection(connectionId)?.dataCenter ?? '';
    return { handle, teamHandle, teamName, connectionId, connectionName, dataCenter, qualifiedHandle, ambiguous };
  }
}
