import { Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { From, FromSource, type Incoming } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { understood } from '../../sending/read.ts';
import { EventsV2Filter } from './events-v2.filter.ts';
import { readEventV2 } from './pagerduty.ts';

@Controller('v2/enqueue')
@UseFilters(EventsV2Filter)
export class PagerDutyController {
  constructor(private readonly intake: Intake) {}

  @From({ kind: 'pagerduty', holdMs: 10_000, shedStatus: 429, maxBytes: 512 * 1024, keyField: 'routing_key' })
  @Post()
  @HttpCode(202)
  async receive(@FromSource() incoming: Incoming): Promise<object> {
    const event = understood(readEventV2(incoming.body));
    await this.intake.accept(incoming, event);
    return { status: 'success', message: 'Event processed', dedup_key: event.dedupKey };
  }
}
