import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@pagebridge/process';
import { parse, stringify, YAMLParseError } from 'yaml';
import type { Context } from './context.ts';
import { readWithin, writePrivately } from './private-file.ts';

const maxBytes = 256 * 1024;

/** The contexts of a person, and the name of the one in use. */
export interface Contexts {
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

/** Returns the file of the contexts; tokens are beside it. */
export function contextsFile({ PAGEBRIDGE_CONFIG: file, XDG_CONFIG_HOME: home }: NodeJS.ProcessEnv): string {
  return file || join(home || join(homedir(), '.config'), 'pagebridge', 'contexts.yaml');
}

/** Returns the contexts as they are: only the one that is used must be valid, so that the others can be repaired. Throws UsageError. */
export function readContexts(file: string): Contexts {
  const { current, contexts: read } = (parsed(file, readWithin(maxBytes, file) ?? '') ?? {}) as Partial<Contexts>;
  const contexts = read ?? {};
  const isMap = typeof contexts === 'object' && Object.values(contexts).every((its) => its && typeof its === 'object');
  if (isMap && (current === undefined || typeof current === 'string')) {
    return current === undefined ? { contexts } : { current, contexts };
  }
  throw new UsageError(`${file} is invalid\nhint: it has a map \`contexts\` and, optionally, a string \`current\``);
}

export const writeContexts = (file: string, contexts: Contexts): void => writePrivately(file, stringify(contexts));

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new UsageError(`${file} is not valid YAML: ${error.message}\nhint: fix or remove the file`);
    throw error;
  }
}
