import { Alerts, replayedFrom } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { placeOf } from '@pagebridge/vocabulary';
import type { ReadAlert } from '../application/ports.ts';

/** Decodes an alert record. Each field of the record is read once, because the fields are getters, which decode at each access. */
export function readAlert({ topic, partition, offset, timestamp, value, headers }: ConsumedRecord): ReadAlert {
  return {
    read: Alerts.decode({ value, headers }),
    offset,
    bytes: value?.length ?? 0,
    writtenAtMs: timestamp,
    alertRecord: replayedFrom({ topic, value, headers }) ? undefined : placeOf({ topic, partition, offset }),
  };
}
