import { Injectable } from '@nestjs/common';
import { type Connection, Connections as ConnectionRecords, entryOf } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { UnheldKeys } from '@pagebridge/service';
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
  ) {}

  /** Returns why the record cannot be read; undefined if it can. */
  readonly handle = (record: ConsumedRecord): string | undefined => {
    const entry = entryOf(ConnectionRecords, record, ({ connectionId }) => connectionId);
    if (entry.kind === 'unreadable') return entry.detail;
    const id = record.key?.toString('utf8') ?? '';
    if (!this.connections.apply(id, entry.value)) return undefined;
    this.unheldKeys.sealed(id, entry.value ? sealsOf(entry.value) : []);
    this.scheduler.renew(id);
    return undefined;
  };
}

const sealsOf = ({ credential: { sealed, former } }: Connection): string[] =>
  former ? [sealed, former.sealed] : [sealed];
