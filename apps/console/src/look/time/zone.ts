import { useSyncExternalStore } from 'react';
import { Readers } from '../readers.ts';

export type Zone = 'local' | 'utc';

const key = 'pagebridge-zone';
// A page may have a thousand times: they share what is stored, and one listener.
const readers = new Readers();
let zone = stored();

function stored(): Zone {
  return localStorage.getItem(key)?.includes('utc') ? 'utc' : 'local';
}

function read(): void {
  zone = stored();
  readers.tell();
}

// Another tab has chosen.
window.addEventListener('storage', read);

function setZone(chosen: Zone): void {
  localStorage.setItem(key, JSON.stringify(chosen));
  read();
}

/** The zone in which the times of the page are written, and the function that changes it. */
export const useZone = (): readonly [Zone, (zone: Zone) => void] => [
  useSyncExternalStore(readers.subscribe, () => zone),
  setZone,
];

/** Returns the name of a zone as the header shows it, such as `Europe/Berlin` or `UTC`. */
export const zoneName = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
