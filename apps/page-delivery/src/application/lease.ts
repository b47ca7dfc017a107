/**
 * What this process may do with the partitions that it was given.
 *
 * `isMember`: nobody else can own them; joined, not asked to join again since, and heard by the group within its session
 * timeout. Before the group is joined again there is a parting: what was begun is written, and nothing is begun.
 */
export class Lease {
  private partings = 0;

  constructor(private readonly isMember: () => boolean) {}

  readonly mayWrite = (): boolean => this.isMember();

  readonly mayCall = (): boolean => this.partings === 0 && this.isMember();

  async part(settle: () => Promise<void>): Promise<void> {
    this.partings += 1;
    try {
      await settle();
    } finally {
      this.partings -= 1;
    }
  }
}
