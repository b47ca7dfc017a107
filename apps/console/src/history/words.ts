import type { Extent } from './queries.ts';

/** Returns the command that traces an alert from the topics alone, for a shell. */
export function traceCommand(org: string, alertKey = '<key>'): string {
  const isPlain = /^[\w./:-]+$|^<key>$/.test(alertKey);
  const quoted = isPlain ? alertKey : `'${alertKey.replaceAll("'", `'\\''`)}'`;
  const options = `--org ${org} --kafka`;
  return alertKey.startsWith('-')
    ? `pagebridge trace ${options} -- ${quoted}`
    : `pagebridge trace ${quoted} ${options}`;
}

const staleMs = 30_000;

/** Returns whether the history is behind: its counts are then too small. */
export const isStale = ({ asOf }: Pick<Extent, 'asOf'>, now: number): boolean =>
  asOf === null || now - Date.parse(asOf) > staleMs;
