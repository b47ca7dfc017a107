import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Alerts } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import type { GapOf } from '@pagebridge/routing';
import { ApiProblems, Requires, Startup, serviceProblems } from '@pagebridge/service';
import { explainAlert } from '../application/explain-alert.use-case.ts';
import { alertIn, sourceOrgIn } from './alert-body.ts';
import { ExplanationDto } from './explanation.dto.ts';
import { DEFERRED_PAGING_MS, GAP_OF } from './tokens.ts';

/** Explains how an alert would be routed. Sends nothing. */
@ApiTags('explain')
@Controller('v1/explain')
export class ExplainController {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly startup: Startup,
    @Inject(DEFERRED_PAGING_MS) private readonly deferredPagingMs: number,
    @Inject(GAP_OF) private readonly gapOf: GapOf,
  ) {}

  @Requires('alerts:explain', sourceOrgIn)
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Explain how an alert would be routed' })
  @ApiBody({
    description: 'Data of an alert, or the whole CloudEvent; at most 64 KiB.',
    schema: JSON.parse(JSON.stringify(Alerts.card.value)),
  })
  @ApiOkResponse({ type: ExplanationDto })
  @ApiProblems(serviceProblems['not-ready'])
  explain(@Body() body: unknown): ExplanationDto {
    this.startup.requireDone();
    const now = new Date();
    return explainAlert(alertIn(body, now), this.registry, now, this.deferredPagingMs, this.gapOf);
  }
}
