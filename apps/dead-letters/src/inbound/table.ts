import { styleText } from 'node:util';

/** Where data goes, and how it may look there. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly colors: boolean;
}

export type Color = 'green' | 'yellow' | 'bold';

/** What comes from a record may hold anything; a terminal must not obey it. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const colored = (screen: Screen, color: Color, text: string): string =>
  screen.colors ? styleText(color, text, { validateStream: false }) : text;

const mostWidth = 100;

/** Rows in columns on a terminal, else separated by tabs and without a head, for scripts. */
export function table(
  screen: Screen,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  colorOf: (row: readonly string[]) => Color | undefined = () => undefined,
): void {
  const cells = rows.map((row) => row.map(printable));
  if (!screen.isTerminal) {
    for (const row of cells) screen.write(`${row.join('\t')}\n`);
    return;
  }
  // A cell that is longer sticks out: a key may have a megabyte, and each row would be filled up to it.
  const widthOf = (cell = '') => Math.min(cell.length, mostWidth);
  const widths = head.map((title, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i])), title.length));
  const aligned = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  screen.write(`${colored(screen, 'bold', aligned(head))}\n`);
  for (const row of cells) {
    const color = colorOf(row);
    screen.write(`${color ? colored(screen, color, aligned(row)) : aligned(row)}\n`);
  }
}
