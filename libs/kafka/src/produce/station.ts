import type { BrokerLink } from './driver.ts';
import type { PartitionQueue } from './partition-queue.ts';

// Many partitions ask for a broker that is away: one of them tries, and the others have its answer for this long.
const awayForMs = 250;

/** One broker: the connection that healthy partitions share, and which of them have something to send. */
export class Station {
  readonly ready = new Set<PartitionQueue>();
  /** Somebody sends what is ready. */
  isServed = false;
  private link: BrokerLink | undefined;
  private opening: Promise<BrokerLink> | undefined;
  private failure: { readonly until: number; readonly error: unknown } | undefined;
  private isClosed = false;

  constructor(private readonly connect: () => Promise<BrokerLink>) {}

  /** The shared connection, made anew where it is gone; rejects if the broker cannot be reached. */
  async open(): Promise<BrokerLink> {
    if (this.link?.isOpen) return this.link;
    if (this.failure && performance.now() < this.failure.until) throw this.failure.error;
    this.opening ??= this.reconnect();
    return this.opening;
  }

  /** A connection for one partition alone, to be reset by who asked for it. */
  async openAnother(): Promise<BrokerLink> {
    await this.open();
    return this.connect();
  }

  close(): void {
    this.isClosed = true;
    this.link?.reset();
  }

  private async reconnect(): Promise<BrokerLink> {
    try {
      const link = await this.connect();
      this.failure = undefined;
      this.link = link;
      if (this.isClosed) link.reset();
      return link;
    } catch (error) {
      this.failure = { until: performance.now() + awayForMs, error };
      throw error;
    } finally {
      this.opening = undefined;
    }
  }
}
