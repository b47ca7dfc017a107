import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@pagebridge/programs';
import { parse, stringify, YAMLParseError } from 'yaml';
import { type Context, contextOf } from './context.ts';
import { readWithin, writePrivately } from './private-file.ts';

const mostBytes = 256 * 1024;

/** The contexts of a person, and the name of the one in use. */
export interface Contexts {
  readonly current?: string;
  readonly contexts: Readonly<Record<string, Context>>;
}

/** Returns the file of the contexts; tokens are beside it. */
export function contextsFile({ PAGEBRIDGE_CONFIG: file, XDG_CONFIG_HOME: home }: NodeJS.ProcessEnv): string {
  return file || join(home || join(homedir(), '.config'), 'pagebridge', 'contexts.yaml');
}

/** Throws UsageError. */
export function readContexts(file: string): Contexts {
  const text = readWithin(mostBytes, file);
  if (text === undefined || text.trim() === '') return { contexts: {} };
  const { current, contexts } = (parsed(file, text) ?? {}) as {
    readonly current?: unknown;
    readonly contexts?: unknown;
  };
  if (typeof contexts !== 'object' || (current !== undefined && typeof current !== 'string')) {
    throw new UsageError(`${file} must have the map \`contexts\`, and may have the text \`current\``);
  }
  const entries = Object.entries(contexts ?? {}).map(([name, its]) => [name, contextOf(`${file}: ${name}`, its)]);
  return { ...(current === undefined ? {} : { current }), contexts: Object.fromEntries(entries) };
}

export const writeContexts = (file: string, contexts: Contexts): void => writePrivately(file, stringify(contexts));

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UsageError(`${file} is not YAML: ${error.message}`);
    throw error;
  }
}
