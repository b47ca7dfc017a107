import type { components } from '../api/page-history.d.ts';

export type Counts = components['schemas']['CountsAnswer'];

const staleMs = 30_000;

/** Says how many pages of a connection are open and wait: with `≥` if what happened in the last half minute may be missing. */
export function pagesOver(connection: string, { items, asOf }: Counts, now: number): string {
  if (asOf === null) return 'pages unknown';
  const { open = 0, waiting = 0 } = items.find(({ connectionId }) => connectionId === connection) ?? {};
  const least = now - Date.parse(asOf) > staleMs ? '≥ ' : '';
  return `${least}${open} open, ${least}${waiting} waiting`;
}
