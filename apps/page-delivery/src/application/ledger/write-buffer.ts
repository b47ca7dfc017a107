import { type OutcomeEvent, outcomeId } from '../../domain/outcomes.ts';

/** The changed alerts, each with the outcomes to publish with it. */
export type Changes = ReadonlyMap<string, readonly OutcomeEvent[]>;

const none: readonly OutcomeEvent[] = [];

/** The changes of a partition since its last write. */
export class WriteBuffer {
  private waiting = new Map<string, readonly OutcomeEvent[]>();
  private underWay: Changes = new Map();

  /** Adds a change. Skips events that wait already because their batch was delivered again. */
  add(key: string, events: readonly OutcomeEvent[]): void {
    const before = this.waiting.get(key) ?? none;
    if (events.length === 0) {
      this.waiting.set(key, before);
      return;
    }
    const known = [...before, ...(this.underWay.get(key) ?? none)].map(({ outcome }) => outcomeId(outcome));
    const added = events.filter(({ outcome }) => !known.includes(outcomeId(outcome)));
    this.waiting.set(key, [...before, ...added]);
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** Removes and returns the changes for the next write. */
  take(): Changes {
    this.underWay = this.waiting;
    this.waiting = new Map();
    return this.underWay;
  }

  /** Ends a write: each of its changes is written or refused. */
  done(): void {
    this.underWay = new Map();
  }

  clear(): void {
    this.waiting.clear();
  }
}
