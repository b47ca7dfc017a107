import { PartitionLost } from './partition-lost.ts';
import { Waiters } from './waiters.ts';

/**
 * Tells what follows from the writes of one partition of the ledger, in their order, after the ledger holds it.
 *
 * One telling is under way at a time and takes everything that has gathered meanwhile. The ledger does not wait for it:
 * what was not told when the process dies is owed by the ledger, and told by the next owner.
 */
export class Teller<T> {
  private gathered: T[] = [];
  private underWay = 0;
  private gatheredUpTo = 0;
  private readonly told = new Waiters();
  private telling: Promise<void> | undefined;

  constructor(
    /** Rejects with PartitionLost, or not at all. */
    private readonly tell: (items: readonly T[]) => Promise<void>,
    /** `write`: the last one of which all is told now. */
    private readonly onTold: (items: readonly T[], write: number) => void,
  ) {}

  /** The last write of which everything is told; 0: none. */
  get upTo(): number {
    return this.told.upTo;
  }

  /** How much waits to be told. */
  get backlog(): number {
    return this.gathered.length + this.underWay;
  }

  /** To be called for each write, also for one of which nothing is to be told. */
  add(write: number, items: readonly T[]): void {
    for (const item of items) this.gathered.push(item);
    this.gatheredUpTo = write;
    this.telling ??= this.tellAll();
  }

  /** Resolves once everything of this write is told; rejects with PartitionLost. */
  reached(write: number): Promise<unknown> {
    return this.told.reached(write);
  }

  async idle(): Promise<void> {
    await this.telling;
  }

  lose(error: PartitionLost): void {
    this.told.lose(error);
  }

  private async tellAll(): Promise<void> {
    // A telling that has nothing to wait for must not end before it is known to have begun.
    await null;
    try {
      while (this.told.upTo < this.gatheredUpTo) await this.tellGathered();
    } catch (error) {
      // The next owner finds in the ledger what is owed. Anything else is a bug and ends the process.
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      this.telling = undefined;
    }
  }

  private async tellGathered(): Promise<void> {
    const [items, upTo] = [this.gathered, this.gatheredUpTo];
    this.gathered = [];
    this.underWay = items.length;
    if (items.length > 0) await this.tell(items);
    this.underWay = 0;
    // Before who waits for it goes on.
    this.onTold(items, upTo);
    this.told.reach(upTo);
  }
}
