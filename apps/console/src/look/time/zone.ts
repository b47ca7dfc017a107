import { useLocalStorage } from '@mantine/hooks';

export type Zone = 'local' | 'utc';

/** The zone in which the times of the page are written, and the function that changes it. */
export const useZone = () =>
  useLocalStorage<Zone>({ key: 'pagebridge-zone', defaultValue: 'local', getInitialValueInEffect: false });

/** Returns the name of a zone as the header shows it, such as `Europe/Berlin` or `UTC`. */
export const zoneName = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
