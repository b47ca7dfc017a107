import { Controller, Get, Param, Query, Req, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { databaseProblems } from '@pagebridge/database';
import { ApiProblems, OrgParam, Requires } from '@pagebridge/service';
import type { Request } from 'express';
import { Extents } from '../asked/extent.ts';
import { linkTo } from '../asked/list-query.ts';
import { Questions } from '../asked/slots.ts';
import { problems } from '../problems.ts';
import { AlertList, MentionsQuery, PageList } from './alerts.dto.ts';
import { Alerts } from './alerts.service.ts';

const refusals = [
  problems['answer-takes-too-long'],
  problems['too-many-questions'],
  databaseProblems['database-unavailable'],
] as const;

@ApiTags('history')
@UseGuards(Questions)
@Controller('v1/source-orgs/:org')
export class AlertsController {
  constructor(
    private readonly alerts: Alerts,
    private readonly extents: Extents,
  ) {}

  @Requires('history:read')
  @Get('alerts')
  @ApiOperation({ summary: 'List alerts with the states of their mentions, latest first' })
  @ApiOkResponse({ type: AlertList })
  @ApiProblems(...refusals)
  async listAlerts(
    @Param() { org }: OrgParam,
    @Query() query: MentionsQuery,
    @Req() request: Request,
  ): Promise<AlertList> {
    const extent = await this.extents.now(org);
    const { rows, next } = await this.alerts.alerts(org, query);
    return { items: rows, next: linkTo(request, next), ...extent };
  }

  @Requires('history:read')
  @Get('pages')
  @ApiOperation({ summary: 'List pages or unrouted handles, latest first' })
  @ApiOkResponse({ type: PageList })
  @ApiProblems(...refusals)
  async listPages(
    @Param() { org }: OrgParam,
    @Query() query: MentionsQuery,
    @Req() request: Request,
  ): Promise<PageList> {
    const extent = await this.extents.now(org);
    const { rows, next } = await this.alerts.pages(org, query);
    return { items: rows, next: linkTo(request, next), ...extent };
  }
}
