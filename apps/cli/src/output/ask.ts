import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { safely } from './output.ts';

/** Asks for confirmation. */
export type Ask = (question: string) => Promise<boolean>;

/** Returns what asks a person; undefined if nobody can be asked. `process.stdin` is not touched: a pipe could not be read any more. */
export const asker = (): Ask | undefined => (isatty(0) && isatty(2) ? ask : undefined);

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    terminal.question(`${safely(question)} [y/N] `, resolve);
    // By Ctrl-C or Ctrl-D.
    terminal.once('close', () => resolve(''));
  });
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
