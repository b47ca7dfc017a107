import type { AlertState, PageState } from '@pagebridge/contracts';
import { restored } from '../domain/attempt.ts';
import { newWork } from '../domain/page.ts';
import { type Fact, owed, reported } from '../domain/report.ts';
import type { Clock, LedgerWrite, LedgerWriter, Log, Permit, Telemetry } from './ports.ts';
import { type Changes, Shard } from './shard.ts';

/** Told of work once the ledger holds it, and of new pages just before (`offer`). */
export type OnWork = (shard: Shard, key: string, pages: readonly PageState[]) => void;

interface InFlight {
  readonly shard: Shard;
  readonly changes: Changes;
  readonly writes: readonly LedgerWrite[];
}

const confirmAfterMs = 10_000;
const retryAfterMs = 250;

/**
 * The alerts of the partitions this process owns: in memory what is, in Kafka what survives.
 *
 * A change is visible at once and durable later; whoever acts on it towards the outside (an HTTP call, an offset
 * commit) waits for `durable`. One write is under way at a time and takes everything that changed meanwhile, so that
 * many lanes share a round trip and an alert's records never overtake each other. A failed write is made again, with
 * whatever is true by then, until it succeeds or the partition is lost.
 *
 * Where a page is if the process dies: in the last written state. What was only in memory is redone from there: a
 * command by Kafka, whose offset was not committed, a call as a possible duplicate.
 */
export class Ledger {
  onWork: OnWork = () => undefined;
  private readonly shards = new Map<number, Shard>();
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;

  constructor(
    private readonly writer: LedgerWriter,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly telemetry: Telemetry,
    private readonly mayWrite: Permit,
  ) {}

  shard(partition: number): Shard | undefined {
    return this.shards.get(partition);
  }

  get owned(): readonly Shard[] {
    return [...this.shards.values()];
  }

  /** Takes a partition over with what its ledger holds, and hands out what is to be done. */
  own(partition: number, generation: number, states: ReadonlyMap<string, AlertState>, end: number): Shard {
    this.disown(partition);
    const shard = new Shard(partition, generation, end);
    this.shards.set(partition, shard);
    for (const [key, written] of states) {
      const state = restored(written, this.clock.now());
      shard.restore(key, state);
      // It may have been written without its outcomes, or they without it: they are written again, same event ids.
      if (owed(state).length > 0) shard.touch(key);
    }
    for (const [key, state] of shard.all()) this.onWork(shard, key, newWork(undefined, state));
    this.startWriting();
    return shard;
  }

  /** Forgets a partition. What was not written is for its next owner to redo; it reads the ledger as it stands. */
  disown(partition: number): void {
    this.shards.get(partition)?.lose();
    this.shards.delete(partition);
  }

  /** What an alert is from now on, undefined: forgotten; `facts` are written with it. Throws PartitionLost. */
  set(shard: Shard, key: string, state: AlertState | undefined, facts: readonly Fact[] = []): void {
    shard.set(key, state, facts);
    this.startWriting();
  }

  /**
   * Hands out the new pages of these alerts before they are written: a lane with room announces their calls at once, and
   * one write holds the page and the announcement. Nobody is called before that write.
   */
  offer(shard: Shard, keys: Iterable<string>): void {
    for (const key of keys) {
      const pages = shard.takeUnwritten(key);
      if (pages.length > 0) this.onWork(shard, key, pages);
    }
  }

  /** Resolves once everything changed so far in this partition is written; rejects with PartitionLost. */
  durable(shard: Shard): Promise<void> {
    return shard.written(true);
  }

  /**
   * The same for a batch of commands, which rejects as well when nothing may be written for now: the group is joined
   * again only when its handler is done, and what it decided is found again when its commands come again.
   */
  durableOrRefused(shard: Shard): Promise<void> {
    return shard.written(false);
  }

  /**
   * Writes down that outcomes have been told, where no other write has done so since; after a crash they would only be
   * told again.
   */
  confirm(atLeastMs = confirmAfterMs): void {
    const before = this.clock.now().getTime() - atLeastMs;
    for (const shard of this.owned) shard.touchIfToldBefore(before);
    this.startWriting();
  }

  /** Resolves when nothing is left to be written. */
  async drained(): Promise<void> {
    while (this.isWriting) await this.writing;
  }

  // Whatever escapes the writing (a bug) ends the process, and the next one goes on from what is written.
  private startWriting(): void {
    if (this.isWriting) return;
    this.isWriting = true;
    this.writing = this.write();
  }

  private async write(): Promise<void> {
    for (;;) {
      // Changes of one tick share a write.
      await null;
      if (!this.owned.some((shard) => shard.hasChanges)) {
        // In the same tick, so that the next change starts the next write.
        this.isWriting = false;
        return;
      }
      if (!this.mayWrite()) {
        // Another may own these partitions and may have told another end of their pages: nothing is written until the
        // group has said again that they are ours, or that they are not.
        for (const shard of this.owned) shard.dismiss();
        await this.pause();
        continue;
      }
      const batches = this.takeChanges();
      const writes = batches.flatMap((batch) => batch.writes);
      try {
        await this.writer.write(writes);
      } catch (error) {
        // Any part of it may be written. Pages stay where they are in memory, and nobody acts on what is not durable.
        this.log.warn({ error: messageOf(error), alerts: writes.length }, 'the ledger was not written, trying again');
        this.telemetry.ledgerWrite('failed', writes.length);
        for (const { shard, writes: unwritten } of batches) shard.putBack(unwritten);
        await this.pause();
        continue;
      }
      this.telemetry.ledgerWrite('ok', writes.length);
      for (const batch of batches) this.acknowledge(batch);
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => void this.clock.after(retryAfterMs, resolve));
  }

  private takeChanges(): InFlight[] {
    return this.owned
      .filter((shard) => shard.hasChanges)
      .map((shard) => {
        const changes = shard.takeChanges();
        const writes = Array.from(changes.changed, ([key, facts]) => writeOf(shard, changes, key, facts));
        return { shard, changes, writes };
      });
  }

  private acknowledge({ shard, changes, writes }: InFlight): void {
    for (const { owed: told, facts } of writes) {
      for (const { outcome, page } of told) this.telemetry.outcome(outcome, page.occurredAt);
      for (const { outcome } of facts) this.telemetry.outcome(outcome);
    }
    if (shard.lost) return;
    const now = this.clock.now().getTime();
    for (const { key, state, owed: told } of writes) {
      const before = shard.nowDurable(key, state);
      if (told.length > 0) {
        const outcomes = told.map(({ outcome }) => outcome);
        shard.toldWith(changes.write, key, (current) => reported(current, outcomes), now);
      }
      const work = state ? shard.takeWork(before, state) : [];
      if (work.length > 0) this.onWork(shard, key, work);
    }
    shard.wrote(changes);
  }
}

function writeOf(shard: Shard, { write, told }: Changes, key: string, facts: readonly Fact[]): LedgerWrite {
  const { partition, generation } = shard;
  const state = shard.get(key);
  return { partition, generation, write, told, key, state, owed: state ? owed(state) : [], facts };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
