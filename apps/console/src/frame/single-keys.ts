import { useLocalStorage } from '@mantine/hooks';

/** Whether single keys are shortcuts; a person who speaks to the browser turns them off (WCAG 2.1.4). */
export const useSingleKeys = () =>
  useLocalStorage<boolean>({ key: 'pagebridge-single-keys', defaultValue: true, getInitialValueInEffect: false });
