import { Connections as ConnectionRecords } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { Connections } from '../application/connections.ts';
import type { Lanes } from '../application/lanes.ts';
import type { Log } from '../application/ports.ts';

/**
 * Keeps the table of connections, and opens the lane of one that changed.
 *
 * A record that cannot be read leaves the connection as it was: pages go on with what is known.
 */
export class ConnectionsConsumer {
  constructor(
    private readonly connections: Connections,
    private readonly lanes: Pick<Lanes, 'renew'>,
    private readonly log: Log,
  ) {}

  readonly take = (record: ConsumedRecord): void => {
    const id = record.key?.toString('utf8') ?? '';
    if (record.value === null) {
      this.connections.apply(id, null);
      return;
    }
    const decoded = ConnectionRecords.decode(record);
    if (decoded.ok && decoded.event.data.connectionId === id) {
      if (this.connections.apply(id, decoded.event.data)) this.lanes.renew(id);
      return;
    }
    const detail = decoded.ok ? 'its key does not fit its value' : `${decoded.reason}: ${decoded.detail}`;
    const { topic, partition, offset } = record;
    this.log.error({ topic, partition, offset, detail }, 'a connection cannot be read and stays as it was');
  };
}
