import { type ConnectionReport, type Handle, handleKey } from '@pagebridge/contracts';
import type { Log } from '@pagebridge/vocabulary';
import type { HandlePublisher, HandleWrite, Reading, ReportPublisher, TeamReader } from './ports.ts';
import type { Tables } from './tables.ts';

/** A destination that answers what it is told to, in turn; the last answer stays. */
export class FakeDestination implements TeamReader {
  readings: Reading[] = [{ kind: 'listed', teams: [], complete: true }];

  async read(): Promise<Reading> {
    const [next] = this.readings.length > 1 ? this.readings.splice(0, 1) : this.readings;
    if (!next) throw new Error('the fake destination was told nothing');
    return next;
  }
}

/** Kafka as far as handles go: what is published comes back into the tables. */
export class FakeHandles implements HandlePublisher {
  readonly batches: (readonly HandleWrite[])[] = [];
  failure?: Error;

  constructor(private readonly tables: Tables) {}

  async publish(writes: readonly HandleWrite[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.batches.push(writes);
    for (const { connectionId, teamId, handle } of writes)
      this.tables.applyHandle(handleKey(connectionId, teamId), handle);
  }

  get written(): (Handle | null)[] {
    return this.batches.flat().map((write) => write.handle);
  }
}

export class FakeReports implements ReportPublisher {
  readonly reports: ConnectionReport[] = [];

  async publish(report: ConnectionReport): Promise<void> {
    this.reports.push(report);
  }

  get kinds(): string[] {
    return this.reports.map((report) => report.kind);
  }
}

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
