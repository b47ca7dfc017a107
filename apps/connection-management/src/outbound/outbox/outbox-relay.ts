import type { OutgoingRecord } from '@pagebridge/contracts';
import type { Backlog, RelaySession } from './relay-session.ts';

export interface RelayOptions {
  readonly openSession: () => Promise<RelaySession>;
  /** Resolves once Kafka has acknowledged all of them; rejects when nothing is known of some. */
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly observer: RelayObserver;
  /** How often to look without being woken. */
  readonly pollMs: number;
  /** Longest pause after a failure; the first is a tenth of it. */
  readonly maxBackoffMs?: number;
  /** How long a publish of another relay may be on its way after it lost the lead: longer than until it is rejected. */
  readonly takeoverMs?: number;
  readonly batchRecords?: number;
}

export interface RelayObserver {
  /** Called after each look at the outbox, with what is left in it. */
  looked(backlog: Backlog, leading: boolean): void;
  published(records: number): void;
  /** Called once when it begins to fail, with the part that fails, and once when it is over. */
  failing(part: 'database' | 'kafka', error: unknown): void;
  recovered(): void;
}

/**
 * Brings the outbox to Kafka: by id, one batch at a time, deleting what was acknowledged.
 *
 * Guarantee: at least once, and in order for each key. While Kafka or the database is away the rows stay, and it goes on
 * trying. Only the relay that leads publishes. It never asks for ids above the last one seen: ids are given out before
 * the commit, so a lower one may appear later.
 */
export class OutboxRelay {
  private session: RelaySession | undefined;
  private leading = false;
  private waited = false;
  private publishesFrom = 0;
  private failures = 0;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private woken = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.loop ??= this.run();
  }

  /** Says that there is something to publish. */
  nudge = (): void => {
    this.woken = true;
    this.wake?.();
  };

  /** Publishes what is queued by now, if it can, and gives the lead away. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.nudge();
    await this.loop;
    await this.closeSession();
  }

  private async run(): Promise<void> {
    do {
      this.woken = false;
      const failure = await this.attempt();
      this.report(failure);
      if (!this.stopping) await this.pause();
    } while (!this.stopping || this.woken);
  }

  private async attempt(): Promise<{ part: 'database' | 'kafka'; error: unknown } | undefined> {
    try {
      const session = await this.openSession();
      if ((await this.lead(session)) && performance.now() >= this.publishesFrom) return await this.drain(session);
      this.options.observer.looked(await session.backlog(), this.leading);
      return undefined;
    } catch (error) {
      // Every event is still in its row; the next attempt opens a new session.
      await this.closeSession();
      return { part: 'database', error };
    }
  }

  private async openSession(): Promise<RelaySession> {
    this.session ??= await this.options.openSession();
    return this.session;
  }

  private async lead(session: RelaySession): Promise<boolean> {
    if (this.leading) return true;
    if (!(await session.lead())) {
      this.waited = true;
      return false;
    }
    this.leading = true;
    // Whoever led until now may have a publish under way. Were ours to overtake it, an older version of a key would come
    // to stand last in its topic, and compaction would keep that one.
    this.publishesFrom = this.waited ? performance.now() + (this.options.takeoverMs ?? 0) : 0;
    this.waited = false;
    return true;
  }

  private async drain(session: RelaySession): Promise<{ part: 'kafka'; error: unknown } | undefined> {
    const { observer, publish, batchRecords = 100 } = this.options;
    for (;;) {
      const rows = await session.oldest(batchRecords);
      if (rows.length === 0) break;
      try {
        await publish(rows.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })));
      } catch (error) {
        // The rows stay. Some of them may have arrived; they will be published again, in the same order.
        observer.looked(await session.backlog(), true);
        return { part: 'kafka', error };
      }
      await session.remove(rows.map(({ id }) => id));
      observer.published(rows.length);
    }
    observer.looked({ records: 0, oldestAt: undefined }, true);
    return undefined;
  }

  private report(failure: { part: 'database' | 'kafka'; error: unknown } | undefined): void {
    if (failure) {
      if (this.failures === 0) this.options.observer.failing(failure.part, failure.error);
      this.failures += 1;
      // A nudge does not bring back what is away.
      this.woken = false;
      return;
    }
    if (this.failures > 0) this.options.observer.recovered();
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

  private async closeSession(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    this.leading = false;
    await session?.close();
  }
}
