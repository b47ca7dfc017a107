import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@pagebridge/contracts';
import type { Backlog, Outbox, OutboxRow } from './outbox.ts';

export interface RelayOptions {
  readonly outbox: Outbox;
  /** Resolves once Kafka has acknowledged all of them; rejects when nothing is known of some. */
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** So long after its call, nothing of a publish can reach a broker any more. */
  readonly publishSpentAfterMs: number;
  readonly observer: RelayObserver;
  /** How often to look without being woken. */
  readonly pollMs: number;
  /** Longest pause after a failure; the first is a tenth of it. */
  readonly maxBackoffMs?: number;
  readonly batchRecords?: number;
}

export interface RelayObserver {
  /** Called after each look at the outbox, with what is left in it. */
  looked(backlog: Backlog): void;
  published(records: number): void;
  /** Called when the lease had gone to another relay during a publish, with the records that were queued once more. */
  overtaken(records: number): void;
  /** Called when another part begins to fail, and once when it is over. */
  failing(part: FailingPart, error: unknown): void;
  recovered(): void;
}

export type FailingPart = 'database' | 'kafka';
type Failure = { readonly part: FailingPart; readonly error: unknown };

/** A publish begins within this after the lease was taken or renewed, or not at all. */
const startWithinMs = 4000;

/**
 * Brings the outbox to Kafka: by id, one batch at a time, deleting what was acknowledged.
 *
 * Guarantee: at least once, and in order for each key. While Kafka or the database is away the rows stay, and it goes on
 * trying. It never asks for ids above the last one seen: ids are given out before the commit, so a lower one may appear
 * later.
 *
 * Only the relay with the lease publishes, and the lease outlasts a publish. Who was frozen in between may still write
 * an old record after a newer one, and compaction would keep the old: having lost the lease, it queues the same keys
 * once more, as they stand.
 */
export class OutboxRelay {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  /** What was published under a lease of which nobody knows yet whether it held. */
  private unproven: readonly OutboxRow[] = [];
  private failing: FailingPart | undefined;
  private failures = 0;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private woken = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: RelayOptions) {
    this.leaseMs = options.publishSpentAfterMs + startWithinMs;
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Says that there is something to publish. */
  nudge = (): void => {
    this.woken = true;
    this.wake?.();
  };

  /** Publishes what is queued by now, if it can. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.nudge();
    await this.loop;
  }

  private async run(): Promise<void> {
    do {
      this.woken = false;
      const failure = await this.attempt();
      this.report(failure);
      if (!this.stopping) await this.pause();
    } while (!this.stopping || this.woken);
  }

  private async attempt(): Promise<Failure | undefined> {
    const { outbox, observer } = this.options;
    try {
      await this.proveLease();
      const backlog = await outbox.backlog();
      observer.looked(backlog);
      if (backlog.records === 0) return undefined;
      const leasedAt = performance.now();
      if (!(await outbox.lease(this.holder, this.leaseMs))) return undefined;
      const failure = await this.drain(leasedAt);
      // A publish that was given up may arrive yet: then nobody else may have the lease before it ends.
      if (!failure) await outbox.release(this.holder);
      observer.looked(await outbox.backlog());
      return failure;
    } catch (error) {
      // Every event is still in its row, and the lease ends by itself.
      return { part: 'database', error };
    }
  }

  private async drain(firstLeasedAt: number): Promise<Failure | undefined> {
    const { outbox, observer, publish, batchRecords = 100 } = this.options;
    for (let leasedAt = firstLeasedAt; ; ) {
      const rows = await outbox.oldest(batchRecords);
      // Held up for so long, a publish could outlast the lease: the next attempt takes it anew.
      if (rows.length === 0 || performance.now() - leasedAt > startWithinMs) return undefined;
      this.unproven = rows;
      try {
        await publish(rows.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })));
      } catch (error) {
        // The rows stay. Some of them may have arrived; they will be published again, in the same order.
        await this.proveLease();
        return { part: 'kafka', error };
      }
      leasedAt = performance.now();
      const held = await this.proveLease();
      await outbox.remove(rows.map(({ id }) => id));
      observer.published(rows.length);
      if (!held) return undefined;
    }
  }

  private async proveLease(): Promise<boolean> {
    const { outbox, observer } = this.options;
    const rows = this.unproven;
    if (rows.length === 0) return true;
    const held = await outbox.renew(this.holder, this.leaseMs);
    if (!held) {
      await outbox.restate(rows);
      observer.overtaken(rows.length);
    }
    this.unproven = [];
    return held;
  }

  private report(failure: Failure | undefined): void {
    if (failure) {
      if (failure.part !== this.failing) this.options.observer.failing(failure.part, failure.error);
      this.failing = failure.part;
      this.failures += 1;
      // A nudge does not bring back what is away.
      this.woken = false;
      return;
    }
    if (this.failing) this.options.observer.recovered();
    this.failing = undefined;
    this.failures = 0;
  }

  private pause(): Promise<void> {
    if (this.failures === 0) return this.sleep(this.options.pollMs);
    const { maxBackoffMs = 5000 } = this.options;
    return this.sleep(Math.min(maxBackoffMs, (maxBackoffMs / 10) * 2 ** (this.failures - 1)));
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.woken) return resolve();
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
