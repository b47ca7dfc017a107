import { readFileSync } from 'node:fs';
import { UsageError } from '@pagebridge/programs';
import { type Command, Option } from 'commander';
import { parse } from 'yaml';
import { readWithin } from '../contexts/private-file.ts';
import type { Options } from '../http/act.ts';
import type { Item } from '../http/services.ts';

/** An option that gives a field of a request. */
export interface Given {
  readonly flags: string;
  readonly does: string;
  readonly field: string;
  readonly choices?: readonly string[];
  /** Turns the text of the option into the value of the field. Throws UsageError. */
  readonly of?: (text: string) => unknown;
}

const mostBytes = 1024 * 1024;

export const orgOption = (): Option =>
  new Option('--org <org>', 'the source org; default: PAGEBRIDGE_ORG, or that of the context');

export function addGiven(command: Command, given: readonly Given[]): Command {
  for (const its of given) command.addOption(optionOf(its));
  return command;
}

function optionOf({ flags, does, choices }: Given): Option {
  const option = new Option(flags, does);
  return choices ? option.choices([...choices]) : option;
}

/** Returns the fields that the options of a command line give. */
export function fieldsIn(options: Options, given: readonly Given[]): Item {
  const fields = given.flatMap((its) => {
    const value = options[optionOf(its).attributeName()];
    if (value === undefined) return [];
    return [[its.field, its.of ? its.of(String(value)) : value]];
  });
  return Object.fromEntries(fields);
}

/** Returns the object in a file of JSON or YAML, or on standard input for `-`. Throws UsageError, which does not quote it: it may hold keys. */
export function objectIn(option: string, file: string): Item {
  const text = textIn(option, file);
  let read: unknown;
  try {
    // Text that is JSON is YAML too.
    read = parse(text, { logLevel: 'silent' });
  } catch (error) {
    const { linePos } = error as { readonly linePos?: readonly [{ readonly line: number }] };
    throw new UsageError(`${option} ${file} is neither JSON nor YAML: see line ${linePos?.[0].line ?? '?'}`);
  }
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Item;
  throw new UsageError(`${option} ${file} must hold an object`);
}

/** Returns the text of a file, or of standard input for `-`, within a MiB. Throws UsageError. */
export function textIn(option: string, file: string): string {
  if (file === '-') return standardInput(option);
  const text = readWithin(mostBytes, file);
  if (text === undefined) throw new UsageError(`${option} ${file}: there is no such file`);
  return text;
}

function standardInput(option: string): string {
  if (process.stdin.isTTY) process.stderr.write(`${option}: reading from the terminal, until Ctrl-D\n`);
  const bytes = readFileSync(0);
  if (bytes.length <= mostBytes) return bytes.toString('utf8');
  throw new UsageError(`${option} -: more than ${mostBytes} bytes`);
}
