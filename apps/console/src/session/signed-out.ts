import { useSyncExternalStore } from 'react';

const readers = new Set<() => void>();
let value = false;

/** Whether the session of this tab has ended. Nothing is thrown away by it: the page stays, with a bar. */
export const signedOut = {
  set(next: boolean): void {
    if (next === value) return;
    value = next;
    for (const read of readers) read();
  },
  subscribe(reader: () => void): () => void {
    readers.add(reader);
    return () => readers.delete(reader);
  },
  get: (): boolean => value,
};

export const useSignedOut = (): boolean => useSyncExternalStore(signedOut.subscribe, signedOut.get);
