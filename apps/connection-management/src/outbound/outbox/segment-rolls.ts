import { Connections, type OutgoingRecord, reservedKeyPrefix } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../persistence/in-transaction.ts';

const { topic, partitions, compactionLagMs = 0 } = Connections.card;
/** Twice within half the lag: the first append may meet a segment that is too young to roll. */
const periodMs = compactionLagMs / 4;
const lookEveryMs = periodMs / 6;

/**
 * Has every partition of the connections roll its segments, also where nothing changes for long.
 *
 * Kafka compacts no segment that is still written to, and only an append begins another: without one, a credential that
 * was replaced would stay for as long as its partition is quiet.
 */
export class SegmentRolls {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly onQueued: () => void,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.look(), lookEveryMs).unref();
    void this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      if (
        await inTransaction(this.dataSource, async (unit) => (await unit.claimRoll(periodMs)) && unit.queueAll(rolls))
      ) {
        this.onQueued();
      }
    } catch (error) {
      // It is as due at the next look.
      this.log.warn({ cause: String(error) }, 'the segments of the connections could not be made to roll');
    }
  }
}

/** A tombstone for each partition. */
const rolls: readonly OutgoingRecord[] = Array.from({ length: partitions }, (_, partition) => ({
  topic,
  key: keyOf(partition),
  value: null,
  headers: {},
}));

function keyOf(partition: number): string {
  for (let number = 0; ; number += 1) {
    const key = `${reservedKeyPrefix}roll-${number}`;
    if (partitionFor(key, partitions) === partition) return key;
  }
}
