import type { IncomingRecord } from './event.ts';
import { headerText } from './replay.ts';

/** A tombstone has no value to carry the generation of its writer: it stands in this header. */
export const generationHeader = 'x-generation';

/** The generation in a tombstone; one without it counts as the oldest. */
export function generationOf(record: IncomingRecord): number {
  const generation = Number(headerText(record, generationHeader) ?? 0);
  return Number.isSafeInteger(generation) ? generation : 0;
}
