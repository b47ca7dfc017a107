import type { Shard } from './ledger/shard.ts';
import type { Log } from './ports.ts';

/** Where commands come from: a paused partition is not read until it is resumed or has another owner. */
export interface CommandSource {
  pause(partition: number): void;
  resume(partition: number): void;
}

// Taken up again once a fifth is free, of all or of the share, so that a page that leaves does not open what the next one
// closes.
const resumePart = 0.8;

/**
 * Keeps the pages that wait in memory within bounds, by reading no more commands.
 *
 * Beyond the bound, partitions that hold more than half of an even share of it are paused, then or when they come to: so
 * all together hold at most one and a half times the bound and a batch each, and a partition of which little waits goes
 * on, whatever the others hold. The commands of a paused one wait in Kafka, and what it holds already goes on. The last
 * resort: a paused partition also keeps new pages of healthy destinations, and recoveries, behind.
 */
export class Intake {
  private readonly paused = new Set<number>();

  constructor(
    private readonly ledger: { readonly owned: readonly Shard[] },
    private readonly source: CommandSource,
    private readonly boundBytes: number,
    private readonly log: Log,
  ) {}

  get pausedPartitions(): number {
    return this.paused.size;
  }

  get waitingBytes(): number {
    return this.ledger.owned.reduce((sum, shard) => sum + shard.waitingBytes, 0);
  }

  /** Looks at what waits: after each batch of commands, and from time to time. */
  look(): void {
    const { owned } = this.ledger;
    const total = this.waitingBytes;
    const share = this.boundBytes / (2 * owned.length);
    for (const { partition, waitingBytes } of owned) {
      if (!this.paused.has(partition)) {
        if (total > this.boundBytes && waitingBytes > share) this.pause(partition, waitingBytes, total);
      } else if (total <= this.boundBytes * resumePart || waitingBytes <= share * resumePart) {
        this.resume(partition, waitingBytes, total);
      }
    }
  }

  /** The partition has another owner. */
  forget(partition: number): void {
    this.paused.delete(partition);
  }

  private pause(partition: number, waitingBytes: number, waitingBytesInAll: number): void {
    this.paused.add(partition);
    this.source.pause(partition);
    this.log.warn(
      { partition, waitingBytes, waitingBytesInAll, boundBytes: this.boundBytes },
      'too much waits: takes no more commands of a partition until less does',
    );
  }

  private resume(partition: number, waitingBytes: number, waitingBytesInAll: number): void {
    this.paused.delete(partition);
    this.source.resume(partition);
    this.log.info({ partition, waitingBytes, waitingBytesInAll }, 'takes commands of a partition again');
  }
}
