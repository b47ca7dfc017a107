import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse } from '@nestjs/swagger';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { Taken } from '../../sending/taken.ts';
import { readPlain } from './plain-alerts.ts';

@Controller('v1/intake/alerts')
export class PlainAlertsController {
  constructor(private readonly intake: Intake) {}

  @From({ kind: 'alerts', holdMs: 10_000, shedStatus: 429, maxBytes: 4 * 1024 * 1024 })
  @ApiAcceptedResponse({ type: Taken, description: 'Kafka has stored the alerts.' })
  @Post()
  @HttpCode(202)
  receive(@FromSource() incoming: Incoming): Promise<Taken> {
    return this.intake.accept(incoming, readPlain(incoming.body));
  }
}
