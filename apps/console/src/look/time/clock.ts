import { useSyncExternalStore } from 'react';
import { Readers } from '../readers.ts';

const readers = new Readers();
let now = Date.now();

// One timer for the page, and not one for each cell.
setInterval(() => {
  now = Date.now();
  readers.tell();
}, 1000);

/** Returns the time in milliseconds; renders again once a second. */
export const useNow = (): number => useSyncExternalStore(readers.subscribe, () => now);
