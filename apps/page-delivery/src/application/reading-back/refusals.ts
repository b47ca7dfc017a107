import type { Connection } from '@pagebridge/contracts';
import type { Clock, ConnectionReporter, Log } from '../ports.ts';

const askAgainMs = 10 * 60_000;

/** The connections over which pages cannot be read back. Each is reported once, asked every ten minutes, and reported as healed. */
export class Refusals {
  private readonly untilOf = new Map<string, number>();

  constructor(
    private readonly reporter: Pick<ConnectionReporter, 'pagesUnreadable' | 'pagesReadable'>,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  /** Returns when a connection may ask, in ms of `elapsedMs`; 0 if it was not refused. */
  asksAt({ connectionId }: Connection): number {
    return this.untilOf.get(connectionId) ?? 0;
  }

  /** Rejects if the report is not written: then the next refusal writes it. */
  async refused(connection: Connection, detail: string): Promise<void> {
    const { connectionId } = connection;
    if (!this.untilOf.has(connectionId)) {
      this.log.warn({ connectionId, detail }, 'reading pages back rejected; acknowledgements unknown');
      await this.reporter.pagesUnreadable(connection, detail);
    }
    this.untilOf.set(connectionId, this.clock.elapsedMs() + askAgainMs);
  }

  /** Rejects if the report is not written: then the next answer writes it. */
  async answered(connection: Connection): Promise<void> {
    const { connectionId } = connection;
    if (!this.untilOf.has(connectionId)) return;
    await this.reporter.pagesReadable(connection);
    this.untilOf.delete(connectionId);
    this.log.info({ connectionId }, 'reading pages back resumed');
  }
}
