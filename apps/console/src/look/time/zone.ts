import { useSyncExternalStore } from 'react';

export type Zone = 'local' | 'utc';

const key = 'pagebridge-zone';
const readers = new Set<() => void>();
// A page may have a thousand times: they share what is stored, and one listener.
let zone: Zone | undefined;

function told(): void {
  zone = undefined;
  for (const read of readers) read();
}

function subscribe(reader: () => void): () => void {
  if (readers.size === 0) window.addEventListener('storage', told);
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0) window.removeEventListener('storage', told);
  };
}

function stored(): Zone {
  zone ??= localStorage.getItem(key)?.includes('utc') ? 'utc' : 'local';
  return zone;
}

function setZone(chosen: Zone): void {
  localStorage.setItem(key, JSON.stringify(chosen));
  told();
}

/** The zone in which the times of the page are written, and the function that changes it. */
export const useZone = (): readonly [Zone, (zone: Zone) => void] => [useSyncExternalStore(subscribe, stored), setZone];

/** Returns the name of a zone as the header shows it, such as `Europe/Berlin` or `UTC`. */
export const zoneName = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
