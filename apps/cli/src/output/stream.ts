import { once } from 'node:events';
import { safely } from './output.ts';

/** Prints a line; resolves when its reader has taken enough of what was printed before, or takes no more. */
export async function printLine(text: string): Promise<void> {
  const line = safely(text).replaceAll('\n', '\\u000a');
  if (process.stdout.write(`${line}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Ends the process once its reader takes no more: for commands that do nothing but print, and maybe without end. */
export const endWithReader = (): void =>
  void process.stdout.once('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

/** Resolves when Ctrl-C is pressed, or the process is told to end. */
export const interrupted = (): Promise<unknown> => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
