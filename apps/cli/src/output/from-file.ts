import { readFileSync } from 'node:fs';
import { orUsage } from '@pagebridge/process';

/** Returns what `read` makes of the file that an option names. Throws UsageError with both, and with what is wrong. */
export const fromFile = <T>(option: string, path: string, read: (text: string) => T): T =>
  orUsage(
    () => read(readFileSync(path, 'utf8')),
    ({ message }) => `${option} ${path}: ${message}`,
  );
