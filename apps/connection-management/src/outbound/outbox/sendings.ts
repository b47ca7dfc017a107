import type { OutgoingRecord } from '@pagebridge/contracts';
import type { OutboxRow, PassedOver } from './outbox.ts';

/** Rows of one key on their way to Kafka. The next ones of their key wait until these are there. */
export interface Sending {
  readonly rows: readonly OutboxRow[];
  readonly since: number;
  readonly settled: Promise<void>;
  readonly state: 'under-way' | 'acknowledged' | 'given-up' | 'resting';
  /** Whether another relay has had the lease meanwhile. */
  readonly isOvertaken: boolean;
}

interface Held extends Sending {
  state: Sending['state'];
  isOvertaken: boolean;
  /** Why rows of this key could not be written, this time or the last. */
  error: unknown;
  failures: number;
  restsUntil: number;
}

/** How long to wait after so many failures in a row: at first a tenth of the longest. */
export const backoffMs = (failures: number, longestMs: number): number =>
  Math.min(longestMs, (longestMs / 10) * 2 ** (failures - 1));

/**
 * What a relay has under way, each key by itself: one that cannot be written holds up no other.
 *
 * A key whose rows were given up rests for a while. A topic of which very many keys rest or are under way is passed over
 * as a whole, so that what is held here has a bound.
 */
export class Sendings {
  private readonly byKey = new Map<string, Held>();
  private askedAt = 0;

  constructor(
    private readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>,
    private readonly longestRestMs: number,
    private readonly mostKeysOfTopic: number,
  ) {}

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** Whether there are any of which nobody knows yet whether the lease held. */
  get areUnproven(): boolean {
    return this.all().some(({ state }) => state !== 'resting');
  }

  /** Why something cannot be written; undefined while everything can. */
  get error(): unknown {
    return this.all().find(({ error }) => error !== undefined)?.error;
  }

  /** Sends rows of keys that were not passed over; resolves once they are acknowledged or given up. */
  async start(rows: readonly OutboxRow[]): Promise<void> {
    const now = performance.now();
    const earlier = new Map(this.byKey);
    // Of whom there are no rows any more, another relay has written them.
    this.forget(({ state, restsUntil }) => state === 'resting' && restsUntil <= this.askedAt);
    const sent = [...Map.groupBy(rows, idOf)].map(([id, its]) => {
      const sending = this.send(its, now, earlier.get(id));
      this.byKey.set(id, sending);
      return sending.settled;
    });
    await Promise.all(sent);
  }

  /** Resolves once of those that were sent before this moment none is under way. */
  async settled(sentBefore = Number.POSITIVE_INFINITY): Promise<void> {
    const awaited = this.all().filter(({ state, since }) => state === 'under-way' && since < sentBefore);
    await Promise.all(awaited.map(({ settled }) => settled));
  }

  /** What is acknowledged or given up. */
  over(): readonly Sending[] {
    return this.all().filter(({ state }) => state === 'acknowledged' || state === 'given-up');
  }

  /** What the next rows may not be of. */
  passedOver(): PassedOver {
    const now = performance.now();
    this.askedAt = now;
    const keys = this.all()
      .filter(({ state, restsUntil }) => state !== 'resting' || restsUntil > now)
      .flatMap(({ rows }) => rows.slice(0, 1));
    const byTopic = [...Map.groupBy(keys, ({ topic }) => topic)];
    const isFull = ([, its]: (typeof byTopic)[number]) => its.length >= this.mostKeysOfTopic;
    return {
      topics: byTopic.filter(isFull).map(([topic]) => topic),
      keys: byTopic.filter((its) => !isFull(its)).flatMap(([, its]) => its),
    };
  }

  /** Says that another relay has had the lease: whatever is here may be older than what that one wrote. */
  overtake(): void {
    for (const sending of this.all()) sending.isOvertaken = true;
  }

  /** Lets these go, which are over: what was given up rests. */
  close(over: readonly Sending[]): void {
    this.forget((sending) => sending.state === 'acknowledged' && over.includes(sending));
    for (const sending of this.all()) if (over.includes(sending)) sending.state = 'resting';
  }

  /** Forgets what rests: another relay sees to it. */
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
        sending.restsUntil = performance.now() + backoffMs(sending.failures, this.longestRestMs);
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
