import type { Log } from '@pagebridge/vocabulary';
import type { HandlePublisher } from './ports.ts';
import type { Tables } from './tables.ts';

/** Deletes every handle of a connection that is gone. Rejects when Kafka does not take it; the handles then still show. */
export class ForgetConnection {
  constructor(
    private readonly tables: Tables,
    private readonly handles: HandlePublisher,
    private readonly log: Log,
    private readonly returnMs: number,
  ) {}

  async execute(connectionId: string, traceparent?: string): Promise<void> {
    const teams = [...this.tables.handlesOf(connectionId).keys()];
    if (teams.length === 0) return;
    const writes = teams.map((teamId) => ({ connectionId, teamId, handle: null }));
    const returned = this.tables.returnOf(writes, this.returnMs);
    await this.handles.publish(writes, traceparent);
    this.log.info({ connectionId, handles: teams.length }, 'handles of a deleted connection removed');
    await returned;
  }
}
