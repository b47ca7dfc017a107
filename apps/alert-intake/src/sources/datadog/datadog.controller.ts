import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { Taken } from '../../sending/taken.ts';
import { readDatadog } from './datadog.ts';

@Controller('v1/intake/datadog')
export class DatadogController {
  constructor(private readonly intake: Intake) {}

  // Datadog waits for 15 s, and comes again after a 5xx only.
  @From({ kind: 'datadog', holdMs: 12_000, shedStatus: 503, maxBytes: 1024 * 1024 })
  @ApiOkResponse({ type: Taken, description: 'Kafka has stored the alerts.' })
  @Post()
  @HttpCode(200)
  receive(@FromSource() incoming: Incoming): Promise<Taken> {
    return this.intake.accept(incoming, readDatadog(incoming.body));
  }
}
