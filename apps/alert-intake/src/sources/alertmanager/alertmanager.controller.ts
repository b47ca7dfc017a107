import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { Taken } from '../../sending/taken.ts';
import { readAlertmanager } from './alertmanager.ts';

@Controller('v1/intake/alertmanager')
export class AlertmanagerController {
  constructor(private readonly intake: Intake) {}

  // Alertmanager comes again after a 5xx only, until its flush ends, which takes at least ten seconds.
  @From({ kind: 'alertmanager', holdMs: 10_000, shedStatus: 503, maxBytes: 4 * 1024 * 1024 })
  @ApiOkResponse({ type: Taken, description: 'Kafka has stored the alerts.' })
  @Post()
  @HttpCode(200)
  receive(@FromSource() incoming: Incoming): Promise<Taken> {
    return this.intake.accept(incoming, readAlertmanager(incoming.body));
  }
}
