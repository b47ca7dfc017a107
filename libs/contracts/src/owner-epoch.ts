import type { IncomingRecord } from './event.ts';
import { headerText } from './replay.ts';

/** The header with the owner epoch of the writer of a tombstone, since a tombstone has no value. */
export const ownerEpochHeader = 'x-owner-epoch';

/** Returns the owner epoch in a tombstone; 0, the oldest, if it has none. */
export function ownerEpochOf(record: IncomingRecord): number {
  const ownerEpoch = Number(headerText(record, ownerEpochHeader) ?? 0);
  return Number.isSafeInteger(ownerEpoch) ? ownerEpoch : 0;
}
