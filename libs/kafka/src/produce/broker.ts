import type { BrokerConnection } from '../driver/driver.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { SharedConnection } from './shared-connection.ts';

/** One broker: the connection that healthy partitions share, and which of them have something to send. */
export class Broker {
  readonly shared: SharedConnection;
  readonly ready = new Set<PartitionQueue>();
  /** Somebody sends what is ready. */
  isSending = false;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
  }

  /** A connection for one partition alone, to be reset by who asked for it. */
  async openAnother(): Promise<BrokerConnection> {
    // Tells whether the broker can be reached at all: not every partition needs to find that out.
    await this.shared.open();
    return this.connect();
  }
}
