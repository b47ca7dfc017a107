import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { OrgParam, Requires, Startup } from '@pagebridge/service';
import { shownContenders } from '../application/contenders.ts';
import { ConflictList } from './conflicts.dto.ts';

/** Handles of a source org that mean more than one team, or that the org keeps to itself. */
@ApiTags('conflicts')
@Controller('v1/source-orgs/:org/conflicts')
export class ConflictsController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly startup: Startup,
  ) {}

  @Requires('handles:read')
  @Get()
  @ApiOperation({ summary: 'Handles with several contenders, and the names that tell them apart' })
  @ApiOkResponse({ type: ConflictList })
  @ApiResponse({ status: 400, description: 'problem+json: the org is not as it must be' })
  @ApiResponse({ status: 503, description: 'problem+json: the registry is still being read from Kafka' })
  list(@Param() { org }: OrgParam): ConflictList {
    this.startup.requireDone();
    return {
      items: this.registry.conflicts(org, new Date()).map(({ handle, teamHandle, local, contenders }) => ({
        handle,
        teamHandle,
        local,
        contenders: shownContenders(contenders, local),
      })),
    };
  }
}
