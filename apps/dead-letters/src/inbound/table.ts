import { styleText } from 'node:util';
import { printable } from '@pagebridge/vocabulary';

export interface Screen {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly colors: boolean;
}

export type Color = 'green' | 'yellow' | 'bold';

export const colored = (screen: Screen, color: Color, text: string): string =>
  screen.colors ? styleText(color, text, { validateStream: false }) : text;

const mostWidth = 100;

/** Writes aligned columns on a terminal, and tab-separated rows without a header for scripts. */
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
  // Longer cells are not aligned: a key of a megabyte would pad each row to that width.
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
