import type { components } from '../api/generated/page-history.d.ts';
import { isStale } from './words.ts';

export type Counts = components['schemas']['CountsAnswer'];

/** Says how many pages of a connection are open and wait: with `≥` if what happened in the last half minute may be missing. */
export function pagesOver(connection: string, extent: Counts, now: number): string {
  const { items, asOf } = extent;
  if (asOf === null) return 'pages unknown';
  const { open = 0, waiting = 0 } = items.find(({ connectionId }) => connectionId === connection) ?? {};
  const least = isStale(extent, now) ? '≥ ' : '';
  return `${least}${open} open, ${least}${waiting} waiting`;
}
