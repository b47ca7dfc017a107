import { Controller, HttpCode, Post } from '@nestjs/common';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { understood } from '../../sending/read.ts';
import { readCloudEvents } from './cloudevents.ts';

@Controller('v1/intake/cloudevents')
export class CloudEventsController {
  constructor(private readonly intake: Intake) {}

  @From({ kind: 'cloudevents', holdMs: 10_000, shedStatus: 429, maxBytes: 4 * 1024 * 1024 })
  @Post()
  @HttpCode(202)
  async receive(@FromSource() incoming: Incoming): Promise<{ readonly ids: readonly string[] }> {
    const { headers, body, integration } = incoming;
    const events = understood(readCloudEvents(headers, body, integration.sourceOrg));
    await this.intake.pass(incoming, events);
    return { ids: events.map(({ id }) => id) };
  }
}
