import { Connections, type OutgoingRecord, reservedKeyPrefix } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { DataSource } from 'typeorm';
import { Periodic } from '../periodic.ts';
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
export function segmentRolls(dataSource: DataSource, onQueued: () => void, log: Log): Periodic {
  const look = async () => {
    const isDue = await inTransaction(dataSource, async (unit) => {
      if (!(await unit.claimRoll(periodMs))) return false;
      for (const record of rolls) await unit.queue(record);
      return true;
    });
    if (isDue) onQueued();
  };
  return new Periodic(lookEveryMs, 'the segments of the connections could not be made to roll', look, log);
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
