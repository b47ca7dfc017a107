import type { BrokerConnection } from '../driver/driver.ts';

// A failed connection attempt counts for all callers for this long.
const awayForMs = 500;

/** A connection for many callers, made again when it is gone. */
export class SharedConnection {
  private connection: BrokerConnection | undefined;
  private opening: Promise<BrokerConnection> | undefined;
  private failure: { readonly until: number; readonly error: unknown } | undefined;
  private isClosed = false;

  constructor(private readonly connect: () => Promise<BrokerConnection>) {}

  /** Rejects if the broker cannot be reached, or could not a moment ago. */
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
      this.failure = { until: performance.now() + awayForMs, error };
      throw error;
    } finally {
      this.opening = undefined;
    }
  }
}
