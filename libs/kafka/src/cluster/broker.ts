import type { BrokerConnection } from '../driver/driver.ts';
import { SharedConnection } from './shared-connection.ts';

/** One broker: a connection that its callers share, and others for those who must not wait for each other. */
export class Broker {
  readonly shared: SharedConnection;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
  }

  /** A connection for one caller, to be reset by it. */
  async openAnother(): Promise<BrokerConnection> {
    // One connection finds out whether the broker can be reached, for all callers.
    await this.shared.open();
    return this.connect();
  }
}
