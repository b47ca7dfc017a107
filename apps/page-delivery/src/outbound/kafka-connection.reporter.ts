import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Connection, type ConnectionReport, ConnectionReports, nextTraceparent } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { CLOCK } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import type { ConnectionReporter, CredentialFault, Drained } from '../application/ports.ts';
import { source } from './source.ts';

const maxDetailLength = 1024;
// The caller retries a failed report.
const timeoutMs = 30_000;

@Injectable()
export class KafkaConnectionReporter implements ConnectionReporter {
  constructor(
    private readonly publisher: Publisher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async credentialFault(connection: Connection, fault: CredentialFault): Promise<void> {
    const detail = fault.detail.slice(0, maxDetailLength).toWellFormed();
    await this.publish({ kind: 'credential-fault', ...this.commonOf(connection), ...fault, detail });
  }

  async repaired(connection: Connection): Promise<void> {
    await this.publish({ kind: 'repaired', ...this.commonOf(connection) });
  }

  async drained(connection: Connection, its: Drained): Promise<void> {
    await this.publish({ kind: 'drained', ...this.commonOf(connection), ...its });
  }

  async pagesUnreadable(connection: Connection, detail: string): Promise<void> {
    const cut = detail.slice(0, maxDetailLength).toWellFormed();
    await this.publish({ kind: 'pages-unreadable', ...this.commonOf(connection), detail: cut });
  }

  async pagesReadable(connection: Connection): Promise<void> {
    await this.publish({ kind: 'pages-readable', ...this.commonOf(connection) });
  }

  private commonOf({ connectionId, sourceOrg, credential }: Connection) {
    return {
      connectionId,
      sourceOrg,
      reportedBy: 'page-delivery' as const,
      credentialRevision: credential.revision,
      at: this.clock.now().toISOString(),
    };
  }

  private async publish(report: ConnectionReport): Promise<void> {
    const attributes = { id: randomUUID(), source, time: report.at, traceparent: nextTraceparent() };
    const record = ConnectionReports.encode(report.connectionId, attributes, report);
    await this.publisher.publish([record], { signal: AbortSignal.timeout(timeoutMs) });
  }
}
