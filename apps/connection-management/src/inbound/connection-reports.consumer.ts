import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { type ConnectionReport, ConnectionReports } from '@pagebridge/contracts';
import type { BatchResult, RecordBatch } from '@pagebridge/kafka';
import { closedCounterOf, LOG } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { type Counter, Registry } from 'prom-client';
import { ApplyReports, reportResults } from '../application/connections/apply-reports.use-case.ts';
import { handleEvents } from './handle-events.ts';

/** Applies the reports of the services to connections. Parks unreadable records, and retries while the database is away. */
@ApiExcludeController()
@Controller()
export class ConnectionReportsConsumer {
  private readonly results: Counter<'result'>;

  constructor(
    private readonly applyReports: ApplyReports,
    registry: Registry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const help = 'Connection reports, by result.';
    const result = [...reportResults, 'unreadable'];
    this.results = closedCounterOf(registry, 'pagebridge_connection_reports_total', help, { result });
  }

  @EventPattern<Record<string, RecordBatch>>(ConnectionReports.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const apply = async (reports: readonly ConnectionReport[]) => {
      for (const applied of await this.applyReports.run(reports)) this.results.inc({ result: applied });
    };
    const result = await handleEvents(ConnectionReports, batch, apply, this.log);
    this.results.inc({ result: 'unreadable' }, result.parked?.length ?? 0);
    return result;
  }
}
