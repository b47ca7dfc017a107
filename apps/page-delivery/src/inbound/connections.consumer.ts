import { Injectable } from '@nestjs/common';
import { type Connection, Connections as ConnectionRecords, entryOf } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { UnheldKeys, UnreadableRecords } from '@pagebridge/service';
import { Connections } from '../application/connections.ts';
import { Scheduler } from '../application/scheduling/scheduler.ts';

/**
 * Updates the table of connections, and renews the lane of a changed connection.
 *
 * An unreadable record leaves the connection unchanged, and its pages are still delivered.
 */
@Injectable()
export class ConnectionsConsumer {
  constructor(
    private readonly connections: Connections,
    private readonly scheduler: Scheduler,
    private readonly unheldKeys: UnheldKeys,
    private readonly unreadable: UnreadableRecords,
  ) {}

  readonly handle = (record: ConsumedRecord): void => {
    const entry = entryOf(ConnectionRecords, record, ({ connectionId }) => connectionId);
    if (entry.kind === 'unreadable') {
      this.unreadable.tell(record, entry.detail);
      return;
    }
    const id = record.key?.toString('utf8') ?? '';
    if (!this.connections.apply(id, entry.value)) return;
    this.unheldKeys.sealed(id, entry.value ? sealsOf(entry.value) : []);
    this.scheduler.renew(id);
  };
}

const sealsOf = ({ credential: { sealed, former } }: Connection): string[] =>
  former ? [sealed, former.sealed] : [sealed];
