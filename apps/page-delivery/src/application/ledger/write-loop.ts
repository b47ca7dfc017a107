import type { Fact } from '../../domain/report.ts';
import type { Clock } from '../ports.ts';
import { PartitionLost } from './partition-lost.ts';
import { Waiters } from './waiters.ts';
import { type Changes, WriteBuffer } from './write-buffer.ts';

export interface WriteSteps<Written> {
  /** Writes these changes. Rejects with PartitionLost, or not at all. */
  persist(changes: Changes): Promise<Written>;
  /** They are written: what follows from it, before anybody who waits for it goes on. */
  acknowledge(changes: Changes, written: Written): void;
}

// A write that takes longer holds up its pages, which then leave the slots of their lanes to others.
const heldUpAfterMs = 1000;

/** Writes what changes in a partition: one write is under way at a time, and takes everything that changed meanwhile. */
export class WriteLoop<Written> {
  private readonly buffer = new WriteBuffer();
  private readonly waiters = new Waiters();
  private changes = 0;
  private running: Promise<void> | undefined;
  private heldUp = false;

  constructor(
    private readonly steps: WriteSteps<Written>,
    /** What must not be written yet. */
    private readonly heldBack: ReadonlyMap<string, unknown>,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  get hasChanges(): boolean {
    return this.buffer.hasChanges;
  }

  /** The write under way takes longer than a page should hold a slot of its lane. */
  get isHeldUp(): boolean {
    return this.heldUp;
  }

  /** Resolves when nothing that may be written is left; undefined: nothing is. */
  get idle(): Promise<void> | undefined {
    return this.running;
  }

  /** A change of this alert waits to be written, or is being written. */
  has(key: string): boolean {
    return this.buffer.has(key);
  }

  /** An alert is to be written as it is by then. */
  touch(key: string, facts: readonly Fact[]): void {
    this.changes += 1;
    this.buffer.add(key, facts);
    // Whatever escapes the writing (a bug) ends the process, and the next one goes on from what is written.
    this.running ??= this.run();
  }

  /**
   * Resolves with true once all changes so far are written; rejects with PartitionLost. For the impatient, with false
   * where the loop is held up.
   */
  written(isImpatient: boolean): Promise<boolean> {
    return isImpatient && this.heldUp ? Promise.resolve(false) : this.waiters.reached(this.changes, isImpatient);
  }

  lose(error: PartitionLost): void {
    this.buffer.clear();
    this.waiters.lose(error);
  }

  private async run(): Promise<void> {
    try {
      // Changes of one tick share a write.
      for (await null; this.buffer.hasWritable(this.heldBack); await null) await this.writeOnce();
    } catch (error) {
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      // In the same tick as the last look, so that the next change starts the next write.
      this.running = undefined;
    }
  }

  private async writeOnce(): Promise<void> {
    const upTo = this.changes;
    const changes = this.buffer.take(this.heldBack);
    const written = await this.timed(this.steps.persist(changes));
    this.buffer.done();
    this.steps.acknowledge(changes, written);
    this.waiters.reach(upTo);
  }

  private async timed(write: Promise<Written>): Promise<Written> {
    const cancel = this.clock.after(heldUpAfterMs, () => {
      this.heldUp = true;
      this.waiters.tooLong();
    });
    try {
      return await write;
    } finally {
      cancel();
      this.heldUp = false;
    }
  }
}
