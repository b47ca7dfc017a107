import { type Fact, outcomeId } from '../../domain/report.ts';

/** The alerts that have changed, each with the facts that are told with it. */
export type Changes = ReadonlyMap<string, readonly Fact[]>;

const none: readonly Fact[] = [];

/** What has changed in a partition since it was last written. */
export class WriteBuffer {
  private waiting = new Map<string, readonly Fact[]>();
  private underWay: Changes = new Map();

  get hasChanges(): boolean {
    return this.waiting.size > 0;
  }

  has(key: string): boolean {
    return this.waiting.has(key) || this.underWay.has(key);
  }

  /** Facts that are to be told with it already, since a batch came again, are left out. */
  add(key: string, facts: readonly Fact[]): void {
    const before = this.waiting.get(key) ?? none;
    if (facts.length === 0) {
      this.waiting.set(key, before);
      return;
    }
    const known = [...before, ...(this.underWay.get(key) ?? none)].map(({ outcome }) => outcomeId(outcome));
    const news = facts.filter(({ outcome }) => !known.includes(outcomeId(outcome)));
    this.waiting.set(key, [...before, ...news]);
  }

  /** Whether there is anything to write beside what is held back. */
  hasWritable(heldBack: ReadonlyMap<string, unknown>): boolean {
    if (heldBack.size === 0) return this.hasChanges;
    return [...this.waiting.keys()].some((key) => !heldBack.has(key));
  }

  /** Takes what is written next; what is held back goes on waiting. */
  take(heldBack: ReadonlyMap<string, unknown>): Changes {
    const changes = this.waiting;
    this.waiting = new Map();
    for (const key of heldBack.keys()) {
      const facts = changes.get(key);
      if (facts && changes.delete(key)) this.waiting.set(key, facts);
    }
    this.underWay = changes;
    return changes;
  }

  /** The write is over, and what it held is known to be written or refused. */
  done(): void {
    this.underWay = new Map();
  }

  clear(): void {
    this.waiting.clear();
  }
}
