import { Injectable } from '@nestjs/common';
import { type ConnectionReport, ConnectionReports, nextTraceparent } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import type { ReportPublisher } from '../application/ports.ts';
import { attributes } from './attributes.ts';

/** Writes reports to `paging.connection-reports.v1`. */
@Injectable()
export class KafkaReportPublisher implements ReportPublisher {
  constructor(private readonly publisher: Publisher) {}

  async publish(reports: readonly ConnectionReport[], signal: AbortSignal): Promise<void> {
    const traceparent = nextTraceparent();
    const records = reports.map((report) =>
      ConnectionReports.encode(report.connectionId, attributes(report.at, traceparent), report),
    );
    await this.publisher.publish(records, { signal });
  }
}
