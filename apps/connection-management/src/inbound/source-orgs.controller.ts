import { Body, Controller, Get, Headers, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type Identity, orgsWith } from '@pagebridge/access';
import { IdentityOf, LargeBody, OrgParam, Requires } from '@pagebridge/service';
import { orgIdPattern } from '@pagebridge/vocabulary';
import type { Request, Response } from 'express';
import type { Reads } from '../application/ports.ts';
import { UpdateSettings } from '../application/source-orgs/update-settings.use-case.ts';
import type { Caller } from '../domain/audit.ts';
import { entityTag } from '../domain/entity-tag.ts';
import type { SourceOrgSettings } from '../domain/source-org-settings.ts';
import { READS } from '../tokens.ts';
import { ApiChange, ApiProblems, changing, etagHeader, reading, versioned } from './api-docs.ts';
import { CallerOf } from './caller.decorator.ts';
import { AuditRequest } from './dto/audit-request.ts';
import { PageRequest } from './dto/page-request.ts';
import {
  AuditPageAnswer,
  SourceOrgAnswer,
  SourceOrgPageAnswer,
  UpdatedSettingsAnswer,
} from './dto/source-org-answers.ts';
import { SourceOrgInput } from './dto/source-org-requests.ts';
import { Limited } from './limited.ts';
import { pageAnswer, pageQueryOf } from './paging.ts';
import { auditEntryAnswer, sourceOrgAnswer, sourceOrgSummaryAnswer } from './present.ts';

const orgForm = new RegExp(orgIdPattern);
/** The time in milliseconds and the id of an entry. */
const auditForm = /^\d{13}-\d{1,20}$/;

@ApiTags('source orgs')
@Controller('v1/source-orgs')
export class SourceOrgsController {
  constructor(
    private readonly updateSettings: UpdateSettings,
    private readonly limited: Limited,
    @Inject(READS) private readonly reads: Reads,
  ) {}

  @Requires('source-orgs:read', 'none')
  @Get()
  @ApiOperation({
    summary: 'List the source orgs, by id',
    description:
      'Source orgs with settings, connections, API tokens or integrations in which the caller has `source-orgs:read`.',
  })
  @ApiResponse({ status: 200, type: SourceOrgPageAnswer, description: 'One page.' })
  @ApiProblems(...reading)
  async list(
    @Query() page: PageRequest,
    @IdentityOf() identity: Identity,
    @Req() request: Request,
  ): Promise<SourceOrgPageAnswer> {
    const query = pageQueryOf(page, orgForm);
    const orgs = await this.reads.sourceOrgs(query, orgsWith(identity, 'source-orgs:read'));
    return pageAnswer(orgs, request, query.limit, sourceOrgSummaryAnswer);
  }

  @Requires('source-orgs:read')
  @Get(':org')
  @ApiOperation({ summary: 'Read the settings of a source org' })
  @ApiResponse({ status: 200, type: SourceOrgAnswer, headers: etagHeader, description: 'The settings.' })
  @ApiProblems(...reading)
  async read(@Param() { org }: OrgParam, @Res({ passthrough: true }) response: Response): Promise<SourceOrgAnswer> {
    return answer(await this.reads.sourceOrg(org), response);
  }

  @Requires('source-orgs:write')
  @LargeBody()
  @Put(':org')
  @ApiOperation({
    summary: 'Change the settings of a source org',
  })
  @ApiChange(UpdatedSettingsAnswer, 'Settings after the change.')
  @ApiProblems(
    ...changing,
    ...versioned,
    'alert-topic-both-first',
    'alert-topic-unfit',
    'kafka-unavailable',
    'limit-reached',
  )
  async update(
    @Param() { org }: OrgParam,
    @Body() { localHandles, fallbackHandle, alertTopic }: SourceOrgInput,
    @Headers('if-match') ifMatch: string | undefined,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UpdatedSettingsAnswer> {
    const input = { localHandles, fallbackHandle: fallbackHandle ?? undefined, alertTopic };
    const run = () => this.updateSettings.run(org, ifMatch, input, caller);
    const { settings, warnings } = await this.limited.run('changes', response, run);
    return { ...answer(settings, response), warnings };
  }

  @Requires('audit:read')
  @Get(':org/audit')
  @ApiOperation({
    summary: 'List the audit entries of a source org, newest first',
    description: 'A page has at most 1 MiB, so it can have fewer entries than `limit`. Follow `next` until it is null.',
  })
  @ApiResponse({ status: 200, type: AuditPageAnswer, description: 'One page.' })
  @ApiProblems(...reading)
  async audit(
    @Param() { org }: OrgParam,
    @Query() { action, actor, target, from, to, ...page }: AuditRequest,
    @Req() request: Request,
  ): Promise<AuditPageAnswer> {
    const query = pageQueryOf(page, auditForm);
    const entries = await this.reads.auditOf({ sourceOrg: org, action, actor, target, from, to }, query);
    return pageAnswer(entries, request, query.limit, auditEntryAnswer);
  }
}

function answer(settings: SourceOrgSettings, response: Response): SourceOrgAnswer {
  response.setHeader('ETag', entityTag(settings.version));
  return sourceOrgAnswer(settings);
}
