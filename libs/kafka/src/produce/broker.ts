import type { BrokerLink } from '../driver/driver.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { SharedLink } from './shared-connection.ts';

/** One broker: the connection that healthy partitions share, and which of them have something to send. */
export class Station {
  readonly shared: SharedLink;
  readonly ready = new Set<PartitionQueue>();
  /** Somebody sends what is ready. */
  isServed = false;

  constructor(private readonly connect: () => Promise<BrokerLink>) {
    this.shared = new SharedLink(connect);
  }

  /** A connection for one partition alone, to be reset by who asked for it. */
  async openAnother(): Promise<BrokerLink> {
    // Tells whether the broker can be reached at all: not every partition needs to find that out.
    await this.shared.open();
    return this.connect();
  }
}
