import { type OutcomeEvent, outcomeId } from '@pagebridge/page-ledger';
import type { Clock } from '../ports.ts';
import { PartitionLost } from './partition-lost.ts';
import { Waiters } from './waiters.ts';

/** The changed alerts, each with the outcomes to publish with it. */
export type Changes = ReadonlyMap<string, readonly OutcomeEvent[]>;

/** Writes changes. Resolves with a function to call before the waiters resolve; rejects with PartitionLost only. */
export type Write = (changes: Changes) => Promise<() => void>;

const none: readonly OutcomeEvent[] = [];

// A page whose write takes longer frees the slot of its lane.
const heldUpAfterMs = 1000;

/** Writes the changes of a partition: one write runs at a time, and includes all changes since the last one. */
export class WriteLoop {
  /** Since the last write. */
  private changed = new Map<string, readonly OutcomeEvent[]>();
  private writing: Changes = new Map();
  private readonly waiters = new Waiters();
  private changes = 0;
  private running: Promise<void> | undefined;
  private heldUp = false;

  constructor(
    private readonly write: Write,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  get isHeldUp(): boolean {
    return this.heldUp;
  }

  /** Resolves once no change is left; undefined if there is none. */
  get idle(): Promise<void> | undefined {
    return this.running;
  }

  /** Schedules a write of the alert, in its state when the write begins. */
  touch(key: string, events = none): void {
    this.changes += 1;
    const known = this.changed.get(key) ?? none;
    this.changed.set(key, events.length === 0 ? known : [...known, ...this.added(key, known, events)]);
    // An unexpected rejection (a bug) ends the process; the next owner continues from the written states.
    this.running ??= this.run();
  }

  /** Resolves with true once all changes are written, or with false if timed and a write is slow. Rejects at `lose`. */
  written(isTimed = false): Promise<boolean> {
    return isTimed && this.heldUp ? Promise.resolve(false) : this.waiters.reached(this.changes, isTimed);
  }

  lose(error: PartitionLost): void {
    this.changed.clear();
    this.waiters.lose(error);
  }

  // A batch that is delivered again has the same events.
  private added(key: string, known: readonly OutcomeEvent[], events: readonly OutcomeEvent[]): OutcomeEvent[] {
    const ids = new Set([...known, ...(this.writing.get(key) ?? none)].map(({ outcome }) => outcomeId(outcome)));
    return events.filter(({ outcome }) => !ids.has(outcomeId(outcome)));
  }

  private async run(): Promise<void> {
    try {
      // Changes of one tick share a write.
      for (await null; this.changed.size > 0; await null) await this.writeOnce();
    } catch (error) {
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      // This runs in the same tick as the last check, so that the next change starts a new run.
      this.running = undefined;
    }
  }

  private async writeOnce(): Promise<void> {
    const upTo = this.changes;
    this.writing = this.changed;
    this.changed = new Map();
    const acknowledge = await this.timed(this.write(this.writing));
    this.writing = new Map();
    acknowledge();
    this.waiters.reach(upTo);
  }

  private async timed<T>(write: Promise<T>): Promise<T> {
    const cancel = this.clock.after(heldUpAfterMs, () => {
      this.heldUp = true;
      this.waiters.timeOut();
    });
    try {
      return await write;
    } finally {
      cancel();
      this.heldUp = false;
    }
  }
}
