import { useSyncExternalStore } from 'react';

const readers = new Set<() => void>();
let now = Date.now();

// One timer for the page, and not one for each cell.
setInterval(() => {
  now = Date.now();
  for (const read of readers) read();
}, 1000);

function subscribe(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** Returns the time in milliseconds; renders again once a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
