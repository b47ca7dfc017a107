import { isatty } from 'node:tty';
import { momentIn, say, UsageError } from '@pagebridge/process';
import { Option } from 'commander';
import { parse } from 'yaml';
import { readWithin, warnIfExposed } from '../contexts/private-file.ts';
import type { Options } from '../http/act.ts';
import type { Item } from '../output/items.ts';

/** An option that gives a field of a request: as it is, as what `of` makes of its text, or as one of a list. */
export type Given = readonly [
  flags: string,
  does: string,
  field: string,
  of?: ((text: string) => unknown) | readonly string[],
];

const maxBytes = 1024 * 1024;

export function optionOf([flags, does, , of]: Given): Option {
  const option = new Option(flags, does);
  return typeof of === 'object' ? option.choices([...of]) : option;
}

/** Returns what makes the time of an option RFC 3339. */
export const momentFor =
  (option: string) =>
  (text: string): string =>
    new Date(momentIn(option, text, new Date())).toISOString();

/** Returns the fields that the options of a command line give. Throws UsageError. */
export function fieldsIn(options: Options, given: readonly Given[]): Item {
  const fields = given.flatMap((its) => {
    const value = options[optionOf(its).attributeName()];
    const [, , field, of] = its;
    return value === undefined ? [] : [[field, typeof of === 'function' ? of(String(value)) : value]];
  });
  return Object.fromEntries(fields);
}

/** Returns the object in a file of JSON or YAML. Throws UsageError, which does not quote it: it may hold keys. */
export function objectIn(option: string, file: string): Item {
  const text = contentOf(option, file);
  try {
    // What is JSON is YAML too.
    const read: unknown = parse(text, { logLevel: 'error' });
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Item;
  } catch (error) {
    const { linePos } = error as { readonly linePos?: readonly [{ readonly line: number }] };
    throw new UsageError(`${option} ${file}: not valid JSON or YAML: line ${linePos?.[0].line ?? '?'}`);
  }
  throw new UsageError(`${option} ${file}: not an object`);
}

/** Returns the secret in a file, as `contentOf`; says so if others may read it. */
export function secretIn(option: string, file: string): string {
  const text = contentOf(option, file);
  warnIfExposed(file);
  return text;
}

/** Returns what a variable has, or the file that `<variable>_FILE` names; undefined if neither is set. */
export function variableIn(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${variable}_FILE`];
  return env[variable] || (file ? secretIn(`${variable}_FILE`, file) : undefined);
}

/** Returns the text of a file, or of standard input for `-`. Throws UsageError if it has more than a MiB, or there is none. */
export function contentOf(option: string, file: string): string {
  if (file === '-' && isatty(0)) say(`${option}: reading from the terminal; end with Ctrl-D`);
  const text = readWithin(maxBytes, file);
  if (text === undefined) throw new UsageError(`${option} ${file}: no such file`);
  return text;
}
