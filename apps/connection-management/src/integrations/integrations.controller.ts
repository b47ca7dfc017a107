import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { OrgParam, Requires } from '@pagebridge/service';
import { integrationPattern } from '@pagebridge/vocabulary';
import type { Request, Response } from 'express';
import type { Caller } from '../domain/audit.ts';
import { entityTag } from '../domain/entity-tag.ts';
import {
  ApiActor,
  ApiChange,
  ApiIfMatch,
  ApiProblems,
  changing,
  etagHeader,
  limitHeaders,
  reading,
  versioned,
} from '../inbound/api-docs.ts';
import { CallerOf } from '../inbound/caller.decorator.ts';
import { PageRequest } from '../inbound/dto/page-request.ts';
import { Limited } from '../inbound/limited.ts';
import { pageAnswer, pageQueryOf } from '../inbound/paging.ts';
import type { Integration } from './integration.entity.ts';
import { IntegrationAnswer, IntegrationPageAnswer, integrationAnswer } from './integration-answers.ts';
import { IntegrationPatch, IntegrationPath, NewIntegration } from './integration-requests.ts';
import { IntegrationsService } from './integrations.service.ts';

const nameForm = new RegExp(integrationPattern);
const headers = { ...etagHeader, ...limitHeaders };

@ApiTags('integrations')
@Controller('v1/source-orgs/:org/integrations')
export class IntegrationsController {
  constructor(
    private readonly integrations: IntegrationsService,
    private readonly limited: Limited,
  ) {}

  @Requires('tokens:write')
  @Post()
  @ApiOperation({ summary: 'Create an integration for an alerting system' })
  @ApiActor()
  @ApiResponse({ status: 201, type: IntegrationAnswer, headers, description: 'Added.' })
  @ApiProblems(...changing, 'name-taken', 'too-many-integrations', 'limit-reached')
  async create(
    @Param() { org }: OrgParam,
    @Body() input: NewIntegration,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<IntegrationAnswer> {
    const run = () => this.integrations.create(org, input, caller);
    const made = await this.limited.run('changes', response, run);
    response.location(`/v1/source-orgs/${org}/integrations/${made.name}`);
    return tagged(made, response);
  }

  @Requires('tokens:read')
  @Get()
  @ApiOperation({ summary: 'List the integrations of a source org, by name' })
  @ApiResponse({ status: 200, type: IntegrationPageAnswer, description: 'One page.' })
  @ApiProblems(...reading)
  async list(
    @Param() { org }: OrgParam,
    @Query() page: PageRequest,
    @Req() request: Request,
  ): Promise<IntegrationPageAnswer> {
    const query = pageQueryOf(page, nameForm);
    return pageAnswer(await this.integrations.list(org, query), request, query.limit, integrationAnswer);
  }

  @Requires('tokens:read')
  @Get(':name')
  @ApiOperation({ summary: 'Read the settings of an integration' })
  @ApiResponse({ status: 200, type: IntegrationAnswer, headers: etagHeader, description: 'The integration.' })
  @ApiProblems(...reading)
  async read(
    @Param() { org, name }: IntegrationPath,
    @Res({ passthrough: true }) response: Response,
  ): Promise<IntegrationAnswer> {
    return tagged(await this.integrations.read(org, name), response);
  }

  @Requires('tokens:write')
  @Patch(':name')
  @ApiOperation({ summary: 'Change the settings of an integration' })
  @ApiChange(IntegrationAnswer, 'Integration after the change.')
  @ApiProblems(...changing, ...versioned, 'limit-reached')
  async change(
    @Param() { org, name }: IntegrationPath,
    @Body() change: IntegrationPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<IntegrationAnswer> {
    const run = () => this.integrations.change({ sourceOrg: org, name, ifMatch }, change, caller);
    return tagged(await this.limited.run('changes', response, run), response);
  }

  // Nobody can use up the means to shut an alerting system out, as with connections and API tokens: so this has no limit.
  @Requires('tokens:write')
  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an integration and revoke its API tokens' })
  @ApiActor()
  @ApiIfMatch()
  @ApiResponse({ status: 204, description: 'Removed.' })
  @ApiProblems(...changing, ...versioned)
  async remove(
    @Param() { org, name }: IntegrationPath,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
  ): Promise<void> {
    await this.integrations.delete({ sourceOrg: org, name, ifMatch }, caller);
  }
}

function tagged(integration: Integration, response: Response): IntegrationAnswer {
  response.setHeader('ETag', entityTag(integration.version));
  return integrationAnswer(integration);
}
