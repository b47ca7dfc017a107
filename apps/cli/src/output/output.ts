import { styleText } from 'node:util';
import { printable } from '@pagebridge/vocabulary';
import { Option } from 'commander';
import { Document, visit } from 'yaml';

const forms = ['table', 'wide', 'json', 'yaml', 'jsonl', 'name'] as const;

/** How a command prints its data: for people, for programs, or only the names. */
export type Form = (typeof forms)[number];

/** Returns the option `-o` of commands that print items. */
export const outputOption = (): Option =>
  new Option('-o, --output <form>', 'output format').choices([...forms]).default('table' satisfies Form);

/** Prints data to stdout: for people a text, or for programs the whole, its parts one a line, or the names of the parts. */
export function print(
  whole: unknown,
  parts: readonly unknown[],
  form: Form,
  forPeople: () => string,
  names: readonly string[],
): void {
  const texts = {
    table: forPeople,
    wide: forPeople,
    json: () => `${jsonOf(whole, 2)}\n`,
    yaml: () => yamlOf(whole),
    jsonl: () => parts.map((part) => `${jsonOf(part)}\n`).join(''),
    name: () => names.map((name) => `${printable(name)}\n`).join(''),
  };
  process.stdout.write(texts[form]());
}

const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const unitsOf = (char: string): string =>
  char
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('');

/** Replaces what a terminal would obey, such as a change of the direction of text; line ends stay. Within JSON it means the same. */
export const safely = (text: string): string => text.replace(obeyed, unitsOf);

export const jsonOf = (value: unknown, indent?: number): string => safely(JSON.stringify(value, null, indent));

/** Returns YAML in which a text that has what a terminal would obey is quoted, since only quotes know escapes. */
function yamlOf(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.search(obeyed) >= 0) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  // JSON writes such a character as two units, of which YAML makes none.
  return document.toString().replace(obeyed, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
}

const isTerminal = (): boolean => process.stdout.isTTY === true;
// Longer cells are not aligned: a key of a megabyte would pad each row to that width.
const maxWidth = 100;

/** Returns aligned columns for a terminal, and tab-separated rows without a header for scripts. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  if (!isTerminal()) return cells.map((row) => `${row.join('\t')}\n`).join('');
  const widths = head.map((title, at) =>
    cells.reduce((most, row) => Math.max(most, Math.min(row[at]?.length ?? 0, maxWidth)), title.length),
  );
  const aligned = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return [bold(aligned(head).trimEnd()), ...cells.map((row) => aligned(row).trimEnd()), ''].join('\n');
}

/** Returns the fields of a thing, a line each. */
export function linesOf(fields: readonly (readonly [field: string, value: unknown])[]): string {
  const width = Math.max(0, ...fields.map(([field]) => field.length));
  const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return fields.map(([field, value]) => `${field.padEnd(width)}  ${printable(textOf(value) ?? '')}\n`).join('');
}

const bold = (text: string): string => (process.env.NO_COLOR ? text : styleText('bold', text));
