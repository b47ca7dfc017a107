import { useState } from 'react';

/** Returns rows in the order that `order` gave them at first, new ones last: nothing moves under the pointer while they are read again. */
export function useFirstOrder<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  order: (rows: readonly Row[]) => readonly Row[],
): Row[] {
  const [keys] = useState(() => order(rows).map(keyOf));
  const placeOf = (row: Row): number => {
    const place = keys.indexOf(keyOf(row));
    return place < 0 ? keys.length : place;
  };
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}
