import type { BrokerLink } from '../driver/driver.ts';

// Many ask for a broker that is away: one of them tries, and the others have its answer for this long.
const awayForMs = 500;

/** A connection that many use, made anew where it is gone. */
export class SharedLink {
  private link: BrokerLink | undefined;
  private opening: Promise<BrokerLink> | undefined;
  private failure: { readonly until: number; readonly error: unknown } | undefined;
  private isClosed = false;

  constructor(private readonly connect: () => Promise<BrokerLink>) {}

  /** Rejects if the broker cannot be reached, or could not a moment ago. */
  async open(): Promise<BrokerLink> {
    if (this.link?.isOpen) return this.link;
    if (this.failure && performance.now() < this.failure.until) throw this.failure.error;
    this.opening ??= this.reconnect();
    return this.opening;
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
