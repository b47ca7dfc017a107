import type { IncomingRecord } from './event.ts';
import { headerText } from './replay.ts';

/** The header with the generation of the writer of a tombstone, since a tombstone has no value. */
export const generationHeader = 'x-generation';

/** Returns the generation in a tombstone; 0, the oldest, if it has none. */
export function generationOf(record: IncomingRecord): number {
  const generation = Number(headerText(record, generationHeader) ?? 0);
  return Number.isSafeInteger(generation) ? generation : 0;
}
