import type { BrokerConnection } from '../driver/driver.ts';

// After a failed attempt, all callers fail with its error for this long.
const failureCacheMs = 500;

/** A connection that many callers share; it is reopened after it is lost. */
export class SharedConnection {
  private connection: BrokerConnection | undefined;
  private opening: Promise<BrokerConnection> | undefined;
  private failure: { readonly until: number; readonly error: unknown } | undefined;
  private isClosed = false;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {}

  /** Returns the open connection, or opens one. Rejects if the broker is unreachable, or was a moment ago. */
  async open(): Promise<BrokerConnection> {
    if (this.connection?.isOpen) return this.connection;
    if (this.failure && performance.now() < this.failure.until) throw this.failure.error;
    this.opening ??= this.reconnect();
    return this.opening;
  }

  close(): void {
    this.isClosed = true;
    this.connection?.reset();
  }

  private async reconnect(): Promise<BrokerConnection> {
    try {
      const connection = await this.connect();
      this.failure = undefined;
      this.connection = connection;
      if (this.isClosed) connection.reset();
      return connection;
    } catch (error) {
      this.failure = { until: performance.now() + failureCacheMs, error };
      throw error;
    } finally {
      this.opening = undefined;
    }
  }
}
