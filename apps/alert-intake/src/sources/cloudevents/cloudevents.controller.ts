import { Controller, HttpCode, Post } from '@nestjs/common';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { intakeProblems as problems } from '../../problems.ts';
import { Intake } from '../../sending/intake.ts';
import { readCloudEvents } from './cloudevents.ts';

@Controller('v1/intake/cloudevents')
export class CloudEventsController {
  constructor(private readonly intake: Intake) {}

  @From(
    { kind: 'cloudevents', holdMs: 10_000, shedStatus: 429, maxBytes: 4 * 1024 * 1024 },
    problems['foreign-source-org'],
  )
  @Post()
  @HttpCode(202)
  async receive(@FromSource() incoming: Incoming): Promise<{ readonly ids: readonly string[] }> {
    const { headers, body, integration } = incoming;
    const events = await this.intake.pass(incoming, readCloudEvents(headers, body, integration.sourceOrg));
    return { ids: events.map(({ id }) => id) };
  }
}
