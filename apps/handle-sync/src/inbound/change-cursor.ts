import type { Place } from '../domain/latest-changes.ts';

/** What a cursor looks like. */
export const cursorPattern = /^\d{1,15}-\d{1,5}-\d{1,15}$/;

/** What goes on after a change of the list. */
export const cursorOf = ({ atMs, partition, offset }: Place): string => `${atMs}-${partition}-${offset}`;

/** The place that a cursor means. */
export function placeIn(cursor: string): Place {
  const [atMs = 0, partition = 0, offset = 0] = cursor.split('-').map(Number);
  return { atMs, partition, offset };
}
