import { Controller, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { From, FromSource, type Incoming, type SourceRules } from '../../callers/caller.ts';
import { Intake } from '../../sending/intake.ts';
import { Taken } from '../../sending/taken.ts';
import { readGrafana } from './grafana.ts';

// Grafana comes again only with its next flush, minutes later, so a request is held for nearly as long as it waits: 30 s.
const rules: SourceRules = { kind: 'grafana', holdMs: 25_000, shedStatus: 503, maxBytes: 4 * 1024 * 1024 };

@Controller('v1/intake/grafana')
export class GrafanaController {
  constructor(private readonly intake: Intake) {}

  @From(rules)
  @ApiOkResponse({ type: Taken, description: 'Kafka has stored the alerts.' })
  @Post()
  @HttpCode(200)
  receive(@FromSource() incoming: Incoming): Promise<Taken> {
    return this.intake.accept(incoming, readGrafana(incoming.body));
  }

  @From(rules)
  @ApiOkResponse({ type: Taken, description: 'Kafka has stored the alerts.' })
  @Put()
  replace(@FromSource() incoming: Incoming): Promise<Taken> {
    return this.receive(incoming);
  }
}
