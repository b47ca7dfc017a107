import type { BrokerConnection } from '../driver/driver.ts';
import { SharedConnection } from './shared-connection.ts';

/** The connections to one broker, which serves the requests of each one after the other. */
export class Broker {
  /** For fetches, which wait for new records, and for writes that should succeed at once. */
  readonly shared: SharedConnection;
  /** For writes that failed before: one of them may take seconds. */
  readonly retries: SharedConnection;
  /** For questions that are answered at once. */
  readonly questions: SharedConnection;

  constructor(connect: () => Promise<BrokerConnection>) {
    this.shared = new SharedConnection(connect);
    this.retries = new SharedConnection(connect);
    this.questions = new SharedConnection(connect);
  }

  close(): void {
    for (const connection of [this.shared, this.retries, this.questions]) connection.close();
  }
}
