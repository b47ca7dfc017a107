import type { BrokerConnection } from '../driver/driver.ts';
import { SharedConnection } from './shared-connection.ts';

/** One broker: connections that callers share, and separate ones for callers that must not wait for others. */
export class Broker {
  readonly shared: SharedConnection;
  /** For questions that are answered at once: on the other one, fetches wait for new records. */
  readonly questions: SharedConnection;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
    this.questions = new SharedConnection(connect);
  }

  /** Opens a connection for one caller, which must reset it. */
  async openAnother(): Promise<BrokerConnection> {
    // The shared connection shows all callers whether the broker is reachable.
    await this.shared.open();
    return this.connect();
  }
}
