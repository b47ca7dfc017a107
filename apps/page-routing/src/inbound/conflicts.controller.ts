import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { OrgParam, Requires, Startup } from '@pagebridge/service';
import { describeContenders } from '../application/contenders.ts';
import { ConflictList } from './conflicts.dto.ts';

/** Serves the handles of a source org that several teams claim, or that the org declares local. */
@ApiTags('conflicts')
@Controller('v1/source-orgs/:org/conflicts')
export class ConflictsController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly startup: Startup,
  ) {}

  @Requires('handles:read')
  @Get()
  @ApiOperation({ summary: 'Handles with several contenders, and the qualified handle of each' })
  @ApiOkResponse({ type: ConflictList })
  @ApiResponse({ status: 400, description: 'problem+json: the org is not valid' })
  @ApiResponse({ status: 503, description: 'problem+json: the registry is still being read from Kafka' })
  list(@Param() { org }: OrgParam): ConflictList {
    this.startup.requireDone();
    return {
      items: this.registry.conflicts(org, new Date()).map(({ handle, teamHandle, local, contenders }) => ({
        handle,
        teamHandle,
        local,
        contenders: describeContenders(contenders, local),
      })),
    };
  }
}
