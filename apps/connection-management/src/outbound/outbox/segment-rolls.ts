import { Connections, type OutgoingRecord, reservedKeyPrefix } from '@pagebridge/contracts';
import { inTransaction } from '@pagebridge/database';
import { partitionFor } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { DataSource } from 'typeorm';
import { Periodic } from '../periodic.ts';
import { TypeormUnit } from '../persistence/typeorm-unit.ts';

const { topic, partitions, compactionLagMs = 0 } = Connections.card;
/** Two rolls within half of the lag: the first append may meet a segment that is too young to roll. */
const periodMs = compactionLagMs / 4;
const checkEveryMs = periodMs / 6;

/**
 * Makes every partition of the connections roll its segments, even if nothing changes for long.
 *
 * Kafka never compacts the active segment, and only an append starts a new one. Without an append, a replaced credential would
 * stay as long as its partition is quiet.
 */
export function segmentRolls(dataSource: DataSource, onQueued: () => void, log: Log): Periodic {
  const rollIfDue = async () => {
    const isDue = await inTransaction(dataSource, async (manager) => {
      const unit = new TypeormUnit(manager);
      if (!(await unit.claimRoll(periodMs))) return false;
      await unit.queue(...rolls);
      return true;
    });
    if (isDue) onQueued();
  };
  return new Periodic(checkEveryMs, 'rolling topic segments failed; retrying', rollIfDue, log);
}

/** One tombstone for each partition. */
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
