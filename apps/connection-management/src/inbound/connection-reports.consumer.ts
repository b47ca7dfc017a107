import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { type ConnectionReport, ConnectionReports } from '@pagebridge/contracts';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import { counterOf } from '@pagebridge/service';
import { type Counter, Registry } from 'prom-client';
import { ApplyReports } from '../application/connections/apply-reports.use-case.ts';
import { StoreUnavailable } from '../application/ports.ts';

const retryAfterMs = 1000;

/** Reads what the services report of connections; parks what nobody can read, and waits for a database that is away. */
@ApiExcludeController()
@Controller()
export class ConnectionReportsConsumer {
  private readonly results: Counter<'result'>;

  constructor(
    private readonly applyReports: ApplyReports,
    registry: Registry,
  ) {
    const help = 'Connection reports by what became of them.';
    this.results = counterOf(registry, 'pagebridge_connection_reports_total', help, 'result');
  }

  @EventPattern<Record<string, RecordBatch>>(ConnectionReports.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const { reports, parked } = read(batch);
    try {
      for (const result of await this.applyReports.run(reports)) this.results.inc({ result });
      this.results.inc({ result: 'unreadable' }, parked.length);
      return { parked };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      // No offset is committed: the batch is read again, and what was already applied changes nothing.
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}

function read(batch: RecordBatch): { reports: ConnectionReport[]; parked: Parked[] } {
  const reports: ConnectionReport[] = [];
  const parked: Parked[] = [];
  for (const record of batch.records) {
    const decoded = ConnectionReports.decode(record);
    if (decoded.ok) reports.push(decoded.event.data);
    else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
  }
  return { reports, parked };
}
