import { once } from 'node:events';
import { printable } from '@pagebridge/vocabulary';

/** Prints one line; resolves when its reader has taken enough of what was printed before. */
export async function printLine(text: string): Promise<void> {
  if (!process.stdout.write(`${printable(text)}\n`)) await once(process.stdout, 'drain');
}

/** Resolves when Ctrl-C is pressed, or the process is told to end. */
export const interrupted = (): Promise<unknown> => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
