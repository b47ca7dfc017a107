import { useEffect, useState } from 'react';

/** Rows that stay where they are. */
export interface Steady<Row> {
  readonly rows: readonly Row[];
  /** How many rows have come since. */
  readonly news: number;
  /** How many rows are in the list no more, and are shown as they were. */
  readonly gone: number;
  readonly show: () => void;
}

/** Keeps rows in their places while the list is read again: what they say is kept up, and new ones wait until they are asked for. */
export function useSteady<Row>(read: readonly Row[], keyOf: (row: Row) => string): Steady<Row> {
  const [rows, setRows] = useState(read);
  useEffect(() => {
    const latest = new Map(read.map((row) => [keyOf(row), row]));
    setRows((shown) => shown.map((row) => latest.get(keyOf(row)) ?? row));
  }, [read, keyOf]);
  const known = new Set(rows.map(keyOf));
  const news = read.filter((row) => !known.has(keyOf(row))).length;
  const present = new Set(read.map(keyOf));
  const gone = rows.filter((row) => !present.has(keyOf(row))).length;
  // Each new row moves the last one to the next page: that one is not outdated.
  const below = rows.length - 1 - rows.findLastIndex((row) => present.has(keyOf(row)));
  return { rows, news, gone: gone - Math.min(news, below), show: () => setRows(read) };
}
