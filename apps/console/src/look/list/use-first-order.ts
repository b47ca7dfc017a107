import { notifyManager } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { Readers } from '../readers.ts';

const readers = new Readers();
let refreshes = 0;

/** Says that the person has refreshed the screen, and what was asked for is there: rows may move now. */
export function tellRefreshed(): void {
  // In its turn: what was read has not been told yet.
  notifyManager.schedule(() => {
    refreshes += 1;
    readers.tell();
  });
}

/**
 * Returns rows in the order that `order` gave them at first, or when the person last refreshed them, new ones last: nothing moves
 * under the pointer while they are read again.
 */
export function useFirstOrder<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  order: (rows: readonly Row[]) => readonly Row[],
): Row[] {
  const round = useSyncExternalStore(readers.subscribe, () => refreshes);
  const present = () => ({ round, keys: order(rows).map(keyOf) });
  const [first, setFirst] = useState(present);
  if (first.round !== round) setFirst(present);
  const placeOf = (row: Row): number => {
    const place = first.keys.indexOf(keyOf(row));
    return place < 0 ? first.keys.length : place;
  };
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}
