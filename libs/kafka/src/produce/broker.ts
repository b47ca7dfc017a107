import type { BrokerConnection } from '../driver/driver.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { SharedConnection } from './shared-connection.ts';

/** One broker: the connection that healthy partitions share, and the queues that are ready to send. */
export class Broker {
  readonly shared: SharedConnection;
  readonly ready = new Set<PartitionQueue>();
  isSending = false;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
  }

  /** A connection for one partition, to be reset by the caller. */
  async openAnother(): Promise<BrokerConnection> {
    // One connection finds out whether the broker can be reached, for all partitions.
    await this.shared.open();
    return this.connect();
  }
}
