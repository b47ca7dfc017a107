import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@pagebridge/contracts';
import type { Backlog, Outbox } from './outbox.ts';
import { backoffMs, Sendings } from './sendings.ts';

export interface RelayOptions {
  readonly outbox: Outbox;
  /** Resolves once Kafka has acknowledged all of them; rejects when nothing is known of some. Called for each key apart. */
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
/** What is not acknowledged within this is not waited for: the rows of other keys go on, and it is looked at later. */
const patienceMs = 200;

/**
 * Brings the outbox to Kafka: by id, one batch at a time, deleting what was acknowledged.
 *
 * Guarantee: at least once, and in order for each key. While Kafka or the database is away the rows stay, and it goes on
 * trying. A key that cannot be written is read around, since a revocation must not wait for the partition of another
 * topic. It never asks for ids above the last one seen: ids are given out before the commit, so a lower one may appear
 * later.
 *
 * Only the relay with the lease publishes, and the lease outlasts a publish. Who was frozen in between may still write
 * an old record after a newer one, and compaction would keep the old: having lost the lease, it queues the same keys
 * once more, as they stand.
 */
export class OutboxRelay {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  private readonly maxBackoffMs: number;
  private readonly batchRecords: number;
  private readonly sendings: Sendings;
  private hasLease = false;
  private failing: FailingPart | undefined;
  private failures = 0;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private woken = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: RelayOptions) {
    const { publish, publishSpentAfterMs, maxBackoffMs = 5000, batchRecords = 100 } = options;
    this.leaseMs = publishSpentAfterMs + startWithinMs;
    this.maxBackoffMs = maxBackoffMs;
    this.batchRecords = batchRecords;
    this.sendings = new Sendings(publish, maxBackoffMs, batchRecords);
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
    try {
      await this.look();
      const { error } = this.sendings;
      return error === undefined ? undefined : { part: 'kafka', error };
    } catch (error) {
      // Every event is still in its row, and the lease ends by itself.
      return { part: 'database', error };
    }
  }

  private async look(): Promise<void> {
    const { outbox, observer } = this.options;
    await this.sendings.settled(this.stopping ? undefined : this.overdueSince());
    await this.settle();
    const backlog = await outbox.backlog();
    observer.looked(backlog);
    const leasedAt = performance.now();
    if (backlog.records > 0 && (await outbox.lease(this.holder, this.leaseMs))) {
      this.hasLease = true;
      await this.drain(leasedAt);
      observer.looked(await outbox.backlog());
    } else this.sendings.leave();
    // A publish that was given up may arrive yet: then nobody else may have the lease before it ends.
    if (!this.hasLease || !this.sendings.isEmpty) return;
    await outbox.release(this.holder);
    this.hasLease = false;
  }

  private async drain(firstLeasedAt: number): Promise<void> {
    const { outbox } = this.options;
    for (let leasedAt = firstLeasedAt; ; ) {
      const rows = await outbox.oldest(this.batchRecords, this.sendings.passedOver());
      // Held up for so long, a publish could outlast the lease: the next attempt takes it anew.
      if (performance.now() - leasedAt > startWithinMs) return;
      const sent = this.sendings.start(rows);
      if (rows.length === 0) return;
      await this.waitFor(sent);
      await this.sendings.settled(this.overdueSince());
      leasedAt = performance.now();
      if (!(await this.settle())) return;
    }
  }

  /** Nothing can be under way for longer: who finds such a publish was frozen, and may not have the lease any more. */
  private overdueSince(): number {
    return performance.now() - this.options.publishSpentAfterMs;
  }

  private async waitFor(sent: Promise<void>): Promise<void> {
    if (this.stopping) return sent;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      late.resolve();
      void sent.then(this.nudge);
    }, patienceMs);
    await Promise.race([sent, late.promise]);
    clearTimeout(timer);
  }

  /** Removes what was acknowledged; false where another relay has had the lease, and all of it is queued once more. */
  private async settle(): Promise<boolean> {
    const { outbox, observer } = this.options;
    if (!this.sendings.areUnproven) return true;
    const over = this.sendings.over();
    const isHeld = await outbox.renew(this.holder, this.leaseMs);
    if (!isHeld) {
      this.hasLease = false;
      this.sendings.overtake();
    }
    const overtaken = over.filter((its) => its.isOvertaken).flatMap(({ rows }) => rows);
    if (overtaken.length > 0) {
      await outbox.restate(overtaken);
      observer.overtaken(overtaken.length);
    }
    const acknowledged = over.filter(({ state }) => state === 'acknowledged').flatMap(({ rows }) => rows);
    if (acknowledged.length > 0) {
      await outbox.remove(acknowledged.map(({ id }) => id));
      observer.published(acknowledged.length);
    }
    this.sendings.close(over);
    return isHeld;
  }

  private report(failure: Failure | undefined): void {
    const isNew = failure?.part !== this.failing;
    this.failing = failure?.part;
    if (isNew && failure) this.options.observer.failing(failure.part, failure.error);
    else if (isNew) this.options.observer.recovered();
    // What Kafka does not take rests by itself, beside what it takes.
    if (failure?.part !== 'database') {
      this.failures = 0;
      return;
    }
    this.failures += 1;
    // A nudge does not bring back what is away.
    this.woken = false;
  }

  private pause(): Promise<void> {
    const ms = this.failures === 0 ? this.options.pollMs : backoffMs(this.failures, this.maxBackoffMs);
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
