/**
 * Why a partition is paused: its state is being restored, a retry is due later, its batch is still being handled, or
 * the consumer is stopping.
 */
type PauseReason = 'assigning' | 'retry' | 'handling' | 'stopping';

interface Pausable {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
}

interface Paused {
  readonly topic: string;
  readonly partition: number;
  readonly reasons: Set<PauseReason>;
  timer?: NodeJS.Timeout;
}

/** Pauses partitions. A partition is resumed when its last reason is removed. */
export class PausedPartitions {
  private readonly paused = new Map<string, Paused>();

  constructor(private readonly member: Pausable) {}

  has(topic: string, partition: number): boolean {
    return this.paused.has(`${topic}/${partition}`);
  }

  count(reason: PauseReason): number {
    return [...this.paused.values()].filter(({ reasons }) => reasons.has(reason)).length;
  }

  /** Returns a function that ends this pause. It has no effect on a pause that begins after `forget`. */
  add(topic: string, partition: number, reason: PauseReason): () => void {
    const entry = this.entry(topic, partition);
    entry.reasons.add(reason);
    this.member.pause(topic, partition);
    return () => {
      if (this.paused.get(`${topic}/${partition}`) === entry) this.remove(topic, partition, reason);
    };
  }

  addFor(topic: string, partition: number, ms: number): void {
    this.add(topic, partition, 'retry');
    const entry = this.entry(topic, partition);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.remove(topic, partition, 'retry'), ms);
  }

  remove(topic: string, partition: number, reason: PauseReason): void {
    const entry = this.paused.get(`${topic}/${partition}`);
    if (!entry?.reasons.delete(reason) || entry.reasons.size > 0) return;
    this.forget(topic, partition);
  }

  /** Pauses all partitions again: kafkajs forgets pauses when it restarts a consumer. */
  reapply(): void {
    for (const { topic, partition } of this.paused.values()) this.member.pause(topic, partition);
  }

  forget(topic: string, partition: number): void {
    clearTimeout(this.paused.get(`${topic}/${partition}`)?.timer);
    if (this.paused.delete(`${topic}/${partition}`)) this.member.resume(topic, partition);
  }

  /** Stops the timers, so that paused partitions stay paused. */
  freeze(): void {
    for (const { timer } of this.paused.values()) clearTimeout(timer);
  }

  private entry(topic: string, partition: number): Paused {
    const key = `${topic}/${partition}`;
    const entry = this.paused.get(key) ?? { topic, partition, reasons: new Set() };
    this.paused.set(key, entry);
    return entry;
  }
}
