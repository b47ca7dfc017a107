import type { OutgoingRecord } from '@pagebridge/contracts';
import type { OutboxRow, PassedOver } from './outbox.ts';

/** Rows of one key in flight to Kafka. The next rows of the key wait until these are written. */
export interface Sending {
  readonly rows: readonly OutboxRow[];
  readonly since: number;
  readonly settled: Promise<void>;
  readonly state: 'under-way' | 'acknowledged' | 'given-up' | 'resting';
  /** Whether another relay has had the lease since. */
  readonly isOvertaken: boolean;
}

interface Held extends Sending {
  state: Sending['state'];
  isOvertaken: boolean;
  /** Why rows of this key could not be written, in this attempt or the last. */
  error: unknown;
  failures: number;
  restsUntil: number;
}

/** Returns the pause after this number of consecutive failures: at first a tenth of the longest. */
export const backoffMs = (failures: number, maxMs: number): number =>
  Math.min(maxMs, (maxMs / 10) * 2 ** (failures - 1));

/**
 * The rows that a relay has in flight, for each key separately: a key that cannot be written does not block others.
 *
 * A key whose rows were given up rests for a while. A topic with too many keys that rest or are in flight is passed over as a
 * whole, which bounds the memory.
 */
export class Sendings {
  private readonly byKey = new Map<string, Held>();
  private askedAt = 0;

  constructor(
    private readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>,
    private readonly maxRestMs: number,
    private readonly maxKeysOfTopic: number,
  ) {}

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** Whether there are publishes for which the relay has not verified yet that it kept the lease. */
  get areUnproven(): boolean {
    return this.all().some(({ state }) => state !== 'resting');
  }

  /** Why some key cannot be written; undefined if every key can. */
  get error(): unknown {
    return this.all().find(({ error }) => error !== undefined)?.error;
  }

  /** Sends rows of keys that were not passed over. Resolves once they are acknowledged or given up. */
  async start(rows: readonly OutboxRow[]): Promise<void> {
    const now = performance.now();
    const earlier = new Map(this.byKey);
    // If a key had finished its rest when the rows were read, but has none, another relay has written them.
    this.forget(({ state, restsUntil }) => state === 'resting' && restsUntil <= this.askedAt);
    const sent = [...Map.groupBy(rows, idOf)].map(([id, its]) => {
      const sending = this.send(its, now, earlier.get(id));
      this.byKey.set(id, sending);
      return sending.settled;
    });
    await Promise.all(sent);
  }

  /** Resolves once no publish that started before this time is in flight. */
  async settled(sentBefore = Number.POSITIVE_INFINITY): Promise<void> {
    const awaited = this.all().filter(({ state, since }) => state === 'under-way' && since < sentBefore);
    await Promise.all(awaited.map(({ settled }) => settled));
  }

  /** Returns the publishes that were acknowledged or given up. */
  over(): readonly Sending[] {
    return this.all().filter(({ state }) => state === 'acknowledged' || state === 'given-up');
  }

  /** Returns the topics and keys that the next rows may not have. */
  passedOver(): PassedOver {
    const now = performance.now();
    this.askedAt = now;
    const keys = this.all()
      .filter(({ state, restsUntil }) => state !== 'resting' || restsUntil > now)
      .flatMap(({ rows }) => rows.slice(0, 1));
    const byTopic = [...Map.groupBy(keys, ({ topic }) => topic)];
    const isFull = ([, its]: (typeof byTopic)[number]) => its.length >= this.maxKeysOfTopic;
    return {
      topics: byTopic.filter(isFull).map(([topic]) => topic),
      keys: byTopic.filter((its) => !isFull(its)).flatMap(([, its]) => its),
    };
  }

  /** Records that another relay has had the lease: it may have written newer states than the rows here. */
  overtake(): void {
    for (const sending of this.all()) sending.isOvertaken = true;
  }

  /** Ends these publishes, which are over: keys that were given up rest. */
  close(over: readonly Sending[]): void {
    this.forget((sending) => sending.state === 'acknowledged' && over.includes(sending));
    for (const sending of this.all()) if (over.includes(sending)) sending.state = 'resting';
  }

  /** Forgets the keys that rest: another relay publishes them. */
  leave(): void {
    this.forget(({ state }) => state === 'resting');
  }

  private send(rows: readonly OutboxRow[], since: number, { error, failures = 0 }: Partial<Held> = {}): Held {
    const records = rows.map(({ topic, key, value, headers }) => ({ topic, key, value, headers }));
    const settled = this.publish(records).then(
      () => {
        sending.state = 'acknowledged';
        sending.error = undefined;
      },
      (reason: unknown) => {
        sending.state = 'given-up';
        sending.error = reason;
        sending.failures += 1;
        sending.restsUntil = performance.now() + backoffMs(sending.failures, this.maxRestMs);
      },
    );
    const state = 'under-way';
    const sending: Held = { rows, since, settled, state, error, failures, restsUntil: 0, isOvertaken: false };
    return sending;
  }

  private all(): readonly Held[] {
    return [...this.byKey.values()];
  }

  private forget(isGone: (sending: Held) => boolean): void {
    for (const [id, sending] of this.byKey) if (isGone(sending)) this.byKey.delete(id);
  }
}

const idOf = ({ topic, key }: OutboxRow): string => `${topic}/${key}`;
