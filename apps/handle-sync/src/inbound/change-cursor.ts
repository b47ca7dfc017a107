import type { Place } from '../domain/latest-changes.ts';

export const cursorPattern = /^\d{1,15}-\d{1,5}-\d{1,15}$/;

/** Returns the cursor that continues the list after a change. */
export const cursorOf = ({ atMs, partition, offset }: Place): string => `${atMs}-${partition}-${offset}`;

/** Returns the position that a cursor contains. */
export function placeIn(cursor: string): Place {
  const [atMs = 0, partition = 0, offset = 0] = cursor.split('-').map(Number);
  return { atMs, partition, offset };
}
