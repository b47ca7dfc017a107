import { useSyncExternalStore } from 'react';

const readers = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(reader: () => void): () => void {
  readers.add(reader);
  now = Date.now();
  // One timer for the page, and not one for each cell.
  ticker ??= setInterval(() => {
    now = Date.now();
    for (const read of readers) read();
  }, 1000);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

/** Returns the time in milliseconds; renders again once a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
