import { createInterface } from 'node:readline/promises';

/** Asks for confirmation. */
export type Ask = (question: string) => Promise<boolean>;

/** Returns what asks on the terminal; undefined if there is none. */
export const asker = (): Ask | undefined => (process.stdin.isTTY === true ? ask : undefined);

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
