import type { Extent } from './queries.ts';

/** What a trace is asked for. */
export interface Asked {
  readonly alert?: string | undefined;
  readonly page?: string | undefined;
}

const quoted = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** Returns the command that traces an alert, by its key or by a page of it, from the topics alone, for a shell. */
export function traceCommand(org: string, { alert, page }: Asked = {}): string {
  const options = `--org ${quoted(org)} --kafka`;
  if (alert === undefined && page !== undefined) return `pagebridge trace --page ${quoted(page)} ${options}`;
  if (alert?.startsWith('-')) return `pagebridge trace ${options} -- ${quoted(alert)}`;
  return `pagebridge trace ${alert === undefined ? '<key>' : quoted(alert)} ${options}`;
}

const staleMs = 30_000;

/** Returns whether the history is behind: its counts are then too small. */
export const isStale = ({ asOf }: Pick<Extent, 'asOf'>, now: number): boolean =>
  asOf === null || now - Date.parse(asOf) > staleMs;
