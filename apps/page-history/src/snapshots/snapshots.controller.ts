import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { closedCounterOf, Public } from '@pagebridge/service';
import type { Response } from 'express';
import { type Counter, Registry } from 'prom-client';
import { pageHeaders } from './page-frame.ts';
import { refusalPage, refusals } from './refusals.ts';
import { Snapshots } from './snapshots.service.ts';

/** Answers people whom a link has led here, without a login: in HTML, also what is refused. */
@ApiExcludeController()
@Controller('s')
export class SnapshotsController {
  private readonly opened: Counter<'result'>;

  constructor(
    private readonly snapshots: Snapshots,
    registry: Registry,
  ) {
    const help = 'Opened snapshot links: `shown`, or why not.';
    this.opened = closedCounterOf(registry, 'pagebridge_snapshots_total', help, { result: ['shown', ...refusals] });
  }

  @Public()
  @Get(':token')
  async open(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const shown = await this.snapshots.show(token);
    const { status, page } = 'page' in shown ? { status: 200, page: shown.page } : refusalPage(shown.refusal);
    this.opened.inc({ result: 'page' in shown ? 'shown' : shown.refusal });
    response.status(status).set(pageHeaders);
    if (status === 503) response.set('retry-after', '5');
    response.send(page);
  }
}
