import type { LedgerPartition } from './ledger/ledger-partition.ts';
import type { Log } from './ports.ts';

export interface CommandSource {
  pause(partition: number): void;
  resume(partition: number): void;
}

// A partition resumes once a fifth of the bound is free, so that it does not pause and resume with each page.
const resumePart = 0.8;

/**
 * Bounds the memory of waiting pages: pauses the partitions whose pages take too much.
 *
 * Beyond the bound, each partition that holds more than half of an even share is paused. All partitions together then
 * hold at most one and a half times the bound plus a batch each, and a partition with few waiting pages is not paused.
 * This is a last resort: recoveries, and pages to healthy destinations, wait in Kafka too while a partition is paused.
 */
export class Intake {
  private readonly paused = new Set<number>();

  constructor(
    private readonly ledger: { readonly owned: readonly LedgerPartition[] },
    private readonly source: CommandSource,
    private readonly boundBytes: number,
    private readonly log: Log,
  ) {}

  get pausedPartitions(): number {
    return this.paused.size;
  }

  get waitingBytes(): number {
    return this.ledger.owned.reduce((sum, ledgerPartition) => sum + ledgerPartition.waitingBytes, 0);
  }

  /** Pauses and resumes partitions. Must be called after each batch of commands, and periodically. */
  adjust(): void {
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

  forget(partition: number): void {
    this.paused.delete(partition);
  }

  private pause(partition: number, waitingBytes: number, waitingBytesInAll: number): void {
    this.paused.add(partition);
    this.source.pause(partition);
    this.log.warn(
      { partition, waitingBytes, waitingBytesInAll, boundBytes: this.boundBytes },
      'too many pages wait: a partition of commands is paused',
    );
  }

  private resume(partition: number, waitingBytes: number, waitingBytesInAll: number): void {
    this.paused.delete(partition);
    this.source.resume(partition);
    this.log.info({ partition, waitingBytes, waitingBytesInAll }, 'a partition of commands is resumed');
  }
}
