import type { BrokerConnection } from '../driver/driver.ts';
import { SharedConnection } from './shared-connection.ts';

/** One broker: a connection that callers share, and separate connections for callers that must not wait for others. */
export class Broker {
  readonly shared: SharedConnection;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
  }

  /** Opens a connection for one caller, which must reset it. */
  async openAnother(): Promise<BrokerConnection> {
    // The shared connection shows all callers whether the broker is reachable.
    await this.shared.open();
    return this.connect();
  }
}
