import { setImmediate } from 'node:timers/promises';
import type { Offsets } from '../driver/fetched-batch.ts';

export interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is handled. */
  readonly nextOffset: number;
  readonly membership: number;
}

interface Waiting extends Progress {
  readonly send: (offsets: Offsets) => Promise<void>;
  readonly committed: (isCommitted: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits the offsets of one turn of the event loop with one request.
 *
 * One answer of Kafka often completes batches of several partitions. The coordinator of a group writes one commit after
 * the other, and each delays the next fetch.
 */
export class OffsetCommitter {
  private waiting: Waiting[] = [];

  constructor(private readonly membership: () => number) {}

  /**
   * Resolves to whether it was committed. A batch of an earlier membership is not: kafkajs would commit it under the new
   * one, for a partition that another member may own. Rejects if the group refused it.
   */
  commit(progress: Progress, send: Waiting['send']): Promise<boolean> {
    if (this.waiting.length === 0) void this.sendSoon();
    return new Promise((committed, failed) => void this.waiting.push({ ...progress, send, committed, failed }));
  }

  private async sendSoon(): Promise<void> {
    await setImmediate();
    const waiting = this.waiting;
    this.waiting = [];
    const isCurrent = ({ membership }: Progress) => membership === this.membership();
    for (const one of waiting) if (!isCurrent(one)) one.committed(false);
    const current = waiting.filter(isCurrent);
    try {
      await current[0]?.send(offsetsOf(current));
      for (const one of current) one.committed(true);
    } catch (error) {
      for (const one of current) one.failed(error);
    }
  }
}

function offsetsOf(progress: readonly Progress[]): Offsets {
  const topics = [...Map.groupBy(progress, ({ topic }) => topic)];
  return {
    topics: topics.map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, nextOffset }) => ({ partition, offset: String(nextOffset) })),
    })),
  };
}
