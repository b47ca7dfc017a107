/**
 * The right of this process to write for its partitions, and to call destinations for them.
 *
 * While the consumer is ready, no other process can own the partitions: this process has joined the group, has not
 * asked to rejoin, and the broker received its heartbeat within the session timeout. Before a rebalance, the calls in
 * flight end and no new call starts.
 */
export class Lease {
  private rebalances = 0;

  constructor(private readonly health: { readonly isMember: boolean }) {}

  mayWrite(): boolean {
    return this.health.isMember;
  }

  mayCall(): boolean {
    return this.rebalances === 0 && this.mayWrite();
  }

  async whileRebalancing(finishCalls: () => Promise<void>): Promise<void> {
    this.rebalances += 1;
    try {
      await finishCalls();
    } finally {
      this.rebalances -= 1;
    }
  }
}
