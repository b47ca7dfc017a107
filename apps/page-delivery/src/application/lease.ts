/**
 * Whether this process may write to its partitions and call for them.
 *
 * `isMember`: no other process can own them, since this one joined the group, has not asked to join again, and was heard
 * within the session timeout. Before a rebalance, running calls end and no new ones start.
 */
export class Lease {
  private rebalances = 0;

  constructor(private readonly isMember: () => boolean) {}

  readonly mayWrite = (): boolean => this.isMember();

  readonly mayCall = (): boolean => this.rebalances === 0 && this.isMember();

  async whileRebalancing(settle: () => Promise<void>): Promise<void> {
    this.rebalances += 1;
    try {
      await settle();
    } finally {
      this.rebalances -= 1;
    }
  }
}
