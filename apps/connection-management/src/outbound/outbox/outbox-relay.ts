import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@pagebridge/contracts';
import { asStoreError, StoreUnavailable } from '@pagebridge/database';
import type { Backlog, Outbox } from './outbox.ts';
import { backoffMs, Sendings } from './sendings.ts';

export interface RelayOptions {
  readonly outbox: Outbox;
  /** Resolves once Kafka has acknowledged all records; rejects if the fate of some is unknown. Called separately for each key. */
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** The time after a call of `publish` after which none of its records can reach a broker any more. */
  readonly publishSpentAfterMs: number;
  readonly observer: RelayObserver;
  /** How often to read the outbox without being woken. */
  readonly pollMs: number;
  /** The longest pause after a failure; the first is a tenth of it. */
  readonly maxBackoffMs?: number;
  readonly batchRecords?: number;
}

export interface RelayObserver {
  /** Called after each reading of the outbox, with what is left in it. */
  looked(backlog: Backlog): void;
  published(records: number): void;
  /** Called if another relay had the lease during a publish, with the number of records that were queued again. */
  overtaken(records: number): void;
  /** Called when a part starts to fail, or not that of Kafka for another reason; `recovered` is called once when all failures end. */
  failing(part: FailingPart, error: unknown): void;
  recovered(): void;
}

/** `relay`: a bug of this program. */
export type FailingPart = 'database' | 'kafka' | 'relay';
type Failure = { readonly part: FailingPart; readonly error: unknown };

/** A publish starts within this time after the lease was taken or renewed, or not at all. */
const startWithinMs = 4000;
/** How long to wait for acknowledgements. Later ones are handled when they arrive, while rows of other keys are published. */
const patienceMs = 200;

/**
 * Publishes the outbox to Kafka: by id, one batch at a time, and deletes acknowledged rows.
 *
 * Guarantee: at least once, and in order for each key. While Kafka or the database is away, the rows stay, and the relay
 * retries. A key that cannot be written is passed over, since a revocation must not wait for the partition of another topic.
 * The relay does not restrict its reads to ids above the last one: ids are assigned before the commit, so a lower one may
 * appear later.
 *
 * Only the relay with the lease publishes, and the lease outlasts a publish. A relay that was frozen meanwhile may still write
 * an old record after a newer one, and compaction would keep the old one. So a relay that finds its lease lost queues the
 * current state of the same keys again.
 */
export class OutboxRelay {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  private readonly maxBackoffMs: number;
  private readonly batchRecords: number;
  private readonly sendings: Sendings;
  private hasLease = false;
  private reported: string | undefined;
  private failures = 0;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private woken = false;
  private endPause: (() => void) | undefined;

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

  /** Wakes the relay, because there is something to publish. */
  wake = (): void => {
    this.woken = true;
    this.endPause?.();
  };

  /** Publishes what is queued by now, if possible, and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
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
      await this.publishQueued();
      const { error } = this.sendings;
      return error === undefined ? undefined : { part: 'kafka', error };
    } catch (error) {
      // Every event is still in its row, and the lease expires by itself.
      const cause = asStoreError(error);
      return { part: cause instanceof StoreUnavailable ? 'database' : 'relay', error: cause };
    }
  }

  private async publishQueued(): Promise<void> {
    const { outbox, observer } = this.options;
    await this.sendings.settled(this.stopping ? undefined : this.overdueSince());
    await this.removeAcknowledged();
    const backlog = await outbox.backlog();
    observer.looked(backlog);
    const leasedAt = performance.now();
    if (backlog.records > 0 && (await outbox.lease(this.holder, this.leaseMs))) {
      this.hasLease = true;
      await this.drain(leasedAt);
      observer.looked(await outbox.backlog());
    } else this.sendings.leave();
    // A publish that was given up may still reach Kafka. So the lease is not released: it excludes other relays until it ends.
    if (!this.hasLease || !this.sendings.isEmpty) return;
    await outbox.release(this.holder);
    this.hasLease = false;
  }

  private async drain(firstLeasedAt: number): Promise<void> {
    const { outbox } = this.options;
    for (let leasedAt = firstLeasedAt; ; ) {
      const rows = await outbox.oldest(this.batchRecords, this.sendings.passedOver());
      // A publish that starts this late could outlast the lease: the next attempt takes the lease again first.
      if (performance.now() - leasedAt > startWithinMs) return;
      const sent = this.sendings.start(rows);
      if (rows.length === 0) return;
      await this.waitFor(sent);
      await this.sendings.settled(this.overdueSince());
      leasedAt = performance.now();
      if (!(await this.removeAcknowledged())) return;
    }
  }

  /** Returns the earliest start of a publish in flight. One that started earlier shows that this process was frozen. */
  private overdueSince(): number {
    return performance.now() - this.options.publishSpentAfterMs;
  }

  private async waitFor(sent: Promise<void>): Promise<void> {
    if (this.stopping) return sent;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      late.resolve();
      void sent.then(this.wake);
    }, patienceMs);
    await Promise.race([sent, late.promise]);
    clearTimeout(timer);
  }

  /** Removes acknowledged rows. Returns false if another relay has had the lease: then all of them are queued again. */
  private async removeAcknowledged(): Promise<boolean> {
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
    // The health shows the cause of the database, so a new cause is reported. The causes of Kafka may alternate with each key.
    const isOfKafka = failure?.part === 'kafka';
    const toReport = failure && !isOfKafka ? String(failure.error) : failure?.part;
    const isNew = toReport !== this.reported;
    this.reported = toReport;
    if (isNew && failure) this.options.observer.failing(failure.part, failure.error);
    else if (isNew) this.options.observer.recovered();
    // Keys that Kafka does not accept back off on their own, while other keys are published.
    if (!failure || isOfKafka) {
      this.failures = 0;
      return;
    }
    this.failures += 1;
    // Waking it does not shorten the pause until then.
    this.woken = false;
  }

  private pause(): Promise<void> {
    const ms = this.failures === 0 ? this.options.pollMs : backoffMs(this.failures, this.maxBackoffMs);
    return new Promise((resolve) => {
      if (this.woken) return resolve();
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
