import { setImmediate } from 'node:timers/promises';
import type { Offsets } from '../driver/fetched-batch.ts';

export interface Progress {
  readonly topic: string;
  readonly partition: number;
  /** The offset to commit: every record before it is handled. */
  readonly nextOffset: number;
  readonly membership: number;
}

interface PendingCommit extends Progress {
  readonly send: (offsets: Offsets) => Promise<void>;
  readonly resolve: (isCommitted: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends all commits of one turn of the event loop in one request.
 *
 * One fetch often delivers batches of several partitions, which are done at the same time. The group coordinator writes
 * commits one after the other, and each commit delays the next fetch.
 */
export class OffsetCommitter {
  private pending: PendingCommit[] = [];

  constructor(private readonly membership: () => number) {}

  /**
   * Resolves to false, without a commit, for a batch from an earlier membership: kafkajs would commit it under the new
   * one, while another member may own the partition. Rejects if the group rejects the commit.
   */
  commit(progress: Progress, send: PendingCommit['send']): Promise<boolean> {
    if (this.pending.length === 0) void this.sendSoon();
    return new Promise((resolve, reject) => void this.pending.push({ ...progress, send, resolve, reject }));
  }

  private async sendSoon(): Promise<void> {
    await setImmediate();
    const pending = this.pending;
    this.pending = [];
    const isCurrent = ({ membership }: Progress) => membership === this.membership();
    for (const commit of pending) if (!isCurrent(commit)) commit.resolve(false);
    const current = pending.filter(isCurrent);
    try {
      await current[0]?.send(offsetsOf(current));
      for (const commit of current) commit.resolve(true);
    } catch (error) {
      for (const commit of current) commit.reject(error);
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
