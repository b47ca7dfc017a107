import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';

export type Zone = 'local' | 'utc';
const key = 'pagebridge-zone';

/** The zone in which the times of the page are written, and the function that changes it. */
export function useZone(): [Zone, (zone: Zone) => void] {
  const [zone, setZone] = useLocalStorage<Zone>({ key, defaultValue: readLocalStorageValue<Zone>({ key }) ?? 'local' });
  return [zone === 'utc' ? 'utc' : 'local', setZone];
}

/** Returns the name of a zone as the header shows it, such as `Europe/Berlin` or `UTC`. */
export const zoneName = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
