import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ConnectionReport, ConnectionReports, nextTraceparent } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import type { ReportPublisher } from '../application/ports.ts';
import { source } from './source.ts';

/** Writes reports to `paging.connection-reports.v1`. */
@Injectable()
export class KafkaReportPublisher implements ReportPublisher {
  constructor(private readonly publisher: Publisher) {}

  async publish(reports: readonly ConnectionReport[], signal: AbortSignal): Promise<void> {
    const traceparent = nextTraceparent();
    await this.publisher.publish(
      reports.map((report) =>
        ConnectionReports.encode(
          report.connectionId,
          { id: randomUUID(), source, time: report.at, traceparent },
          report,
        ),
      ),
      { signal },
    );
  }
}
