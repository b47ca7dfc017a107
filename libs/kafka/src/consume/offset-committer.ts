import { setImmediate } from 'node:timers/promises';
import type { Offsets } from '../driver/fetched-batch.ts';

export interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** Everything before it is dealt with. */
  readonly nextOffset: number;
  /** In which membership of the group. */
  readonly membership: number;
}

interface Waiting extends Progress {
  readonly send: (offsets: Offsets) => Promise<void>;
  readonly committed: (isCommitted: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits what partitions come to in one turn of the event loop with one request.
 *
 * Batches of several partitions are often done by the same answer of Kafka, and a group's coordinator writes one commit
 * after the other, while all of them keep the next fetch waiting.
 */
export class OffsetCommitter {
  private waiting: Waiting[] = [];

  /** The membership that counts now. */
  constructor(private readonly membership: () => number) {}

  /**
   * Resolves to whether it was committed: not if the group is about to be joined anew, or was, since kafkajs would commit
   * under the new membership a partition that may be another's. Rejects if the group did not take it.
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
