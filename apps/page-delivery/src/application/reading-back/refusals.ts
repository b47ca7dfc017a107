import type { Connection } from '@pagebridge/contracts';
import type { Clock, ConnectionReporter, Log } from '../ports.ts';

const askAgainMs = 10 * 60_000;

interface Refusal {
  until: number;
  isReported: boolean;
}

/** The connections over which pages cannot be read back. Each is reported once, asks every ten minutes, and is reported as healed. */
export class Refusals {
  private readonly ofConnections = new Map<string, Refusal>();

  constructor(
    private readonly reporter: Pick<ConnectionReporter, 'pagesUnreadable' | 'pagesReadable'>,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  /** Returns when a connection may ask, in ms of `elapsedMs`; 0 if it was not refused. */
  asksAt({ connectionId }: Connection): number {
    return this.ofConnections.get(connectionId)?.until ?? 0;
  }

  async refused(connection: Connection, detail: string): Promise<void> {
    const { connectionId } = connection;
    const refusal = this.ofConnections.get(connectionId) ?? { until: 0, isReported: false };
    this.ofConnections.set(connectionId, refusal);
    refusal.until = this.clock.elapsedMs() + askAgainMs;
    if (refusal.isReported) return;
    this.log.warn({ connectionId, detail }, 'pages cannot be read back: nobody learns who took or closed them');
    refusal.isReported = await this.isWritten(connection, this.reporter.pagesUnreadable(connection, detail));
  }

  async answered(connection: Connection): Promise<void> {
    const { connectionId } = connection;
    const refusal = this.ofConnections.get(connectionId);
    if (!refusal) return;
    this.log.info({ connectionId }, 'pages are read back again');
    const isDone = !refusal.isReported || (await this.isWritten(connection, this.reporter.pagesReadable(connection)));
    if (isDone) this.ofConnections.delete(connectionId);
  }

  /** Returns whether a report was written; if not, the next answer writes it. */
  private async isWritten({ connectionId }: Connection, report: Promise<void>): Promise<boolean> {
    try {
      await report;
      return true;
    } catch (error) {
      this.log.warn({ connectionId, error: String(error) }, 'a connection report was not written; it will be retried');
      return false;
    }
  }
}
