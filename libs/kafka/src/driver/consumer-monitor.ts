import { setTimeout as delay } from 'node:timers/promises';

/** The health of a consumer. `live` is false if only a restart helps; in a broker outage only `ready` is false. */
export interface ConsumerHealth {
  readonly live: boolean;
  readonly ready: boolean;
  readonly detail: string;
}

type Phase = 'not started' | 'starting' | 'joined' | 'rebalancing' | 'rejoining' | 'stopped';

// kafkajs fetches, or restarts without a broker, more often than this. A consumer that does neither has stalled.
const stalledAfterMs = 300_000;
// A handler that runs longer than this hangs: none of its calls may take minutes. Even while Kafka accepts no writes, a
// publish ends at its delivery timeout, and the handler returns its batch for redelivery.
const handlerHangsAfterMs = 300_000;

const ago = (since: number, now: number): string => `${Math.round((now - since) / 1000)} s ago`;

export class ConsumerMonitor {
  private phase: Phase = 'not started';
  private generation = -1;
  private heartbeatAt = 0;
  private hasMembershipEnded = false;
  private activeAt = Date.now();
  private lastError = '';
  private fatal: Error | undefined;
  private readonly handlersSince = new Set<{ readonly startedAt: number }>();

  constructor(
    private readonly group: string,
    private readonly sessionTimeoutMs: number,
  ) {}

  /** Whether the consumer is in its group. In a rebalance it keeps its partitions until it asks to join again. */
  get isMember(): boolean {
    return (this.phase === 'joined' || this.phase === 'rebalancing') && !this.hasMembershipEnded;
  }

  starting(): void {
    this.phase = 'starting';
    this.active();
  }

  joined(generation: number, sentAt = Date.now()): void {
    this.phase = 'joined';
    this.generation = generation;
    this.hasMembershipEnded = false;
    this.heartbeat(sentAt);
  }

  /** `sentAt`: when the heartbeat was sent. The session starts then or later; the answer may have waited to be read. */
  heartbeat(sentAt = Date.now()): void {
    this.heartbeatAt = sentAt;
    this.active();
  }

  /** The member leaves the group or joins it again: from now on other members may own its partitions. */
  membershipEnded(): void {
    this.hasMembershipEnded = true;
  }

  active(): void {
    this.activeAt = Date.now();
  }

  rebalancing(): void {
    this.phase = 'rebalancing';
    this.active();
  }

  crashed(error: Error): void {
    this.phase = 'rejoining';
    this.lastError = error.message;
    this.active();
  }

  died(error: Error): void {
    this.fatal = error;
  }

  stopped(): void {
    this.phase = 'stopped';
  }

  /** Runs a handler, so that `health()` detects if it hangs. */
  async watch(handle: () => Promise<void>): Promise<void> {
    const entry = { startedAt: Date.now() };
    this.handlersSince.add(entry);
    try {
      await handle();
    } finally {
      this.handlersSince.delete(entry);
    }
  }

  async idle(): Promise<void> {
    while (this.handlersSince.size > 0) await delay(20);
  }

  /** Resolves when no join is in progress, or after `atMostMs`. */
  async joinSettled(atMostMs: number): Promise<void> {
    const deadline = Date.now() + atMostMs;
    const joining = () => this.phase === 'starting' || this.phase === 'rejoining';
    while (joining() && !this.fatal && Date.now() < deadline) await delay(20);
  }

  health(now = Date.now()): ConsumerHealth {
    const stuck = this.stuck(now);
    if (stuck) return { live: false, ready: false, detail: `${this.group}: ${stuck}` };
    const ready = this.isMember && now - this.heartbeatAt <= this.sessionTimeoutMs;
    const heartbeat = this.heartbeatAt === 0 ? 'none yet' : ago(this.heartbeatAt, now);
    const error = ready || this.lastError === '' ? '' : `, last error: ${this.lastError}`;
    const detail = `${this.group}: ${this.phase}, generation ${this.generation}, heartbeat ${heartbeat}${error}`;
    return { live: true, ready, detail };
  }

  private stuck(now: number): string | undefined {
    if (this.fatal) return this.fatal.message;
    if (this.phase === 'stopped' || this.phase === 'not started') return undefined;
    const oldest = Math.min(...[...this.handlersSince].map(({ startedAt }) => startedAt));
    if (now - oldest > handlerHangsAfterMs) return `a handler hangs, it started ${ago(oldest, now)}`;
    if (now - this.activeAt > stalledAfterMs) return `stalled, its last activity was ${ago(this.activeAt, now)}`;
    return undefined;
  }
}
