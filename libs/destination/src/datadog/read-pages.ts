import type { ReadPage } from '../destination.ts';
import { attributesOf, idIn, type Json, listIn, objectIn, textIn } from './json.ts';

/** Parses a part of the list of pages; skips items without an id. Returns undefined if the answer has no list. */
export const readPagesIn = (body: Json): ReadPage[] | undefined =>
  listIn(body.data)?.flatMap((item) => pageIn(item) ?? []);

/** Parses one page; returns undefined if the answer has none. */
export const readPageIn = (body: Json): ReadPage | undefined => pageIn(body.data);

const statuses = new Map<unknown, ReadPage['status']>([
  ['triggered', 'triggered'],
  ['acknowledged', 'acknowledged'],
  ['resolved', 'closed'],
  ['closed', 'closed'],
]);

function pageIn(item: unknown): ReadPage | undefined {
  const page = objectIn(item);
  const id = idIn(page?.id);
  if (!page || id === undefined) return undefined;
  const { status, modified_at, acknowledged_at, closed_at } = attributesOf(page);
  const closed = timeIn('closedAt', closed_at);
  // A page that was opened again may keep the time of its close.
  const known = statuses.get(textIn(status)?.toLowerCase()) ?? ('closedAt' in closed ? 'closed' : 'unknown');
  return {
    id,
    status: known,
    ...timeIn('modifiedAt', modified_at),
    ...timeIn('acknowledgedAt', acknowledged_at),
    ...(known === 'closed' ? closed : {}),
  };
}

// Without an offset, `Date.parse` would use the time zone of this process.
const withOffset = /^\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i;

function timeIn<Name extends string>(name: Name, value: unknown): { readonly [N in Name]?: number } {
  const text = textIn(value) ?? '';
  const time = withOffset.test(text) ? Date.parse(text) : Number.NaN;
  // Some encoders write the zero of their clock for a time that is not set.
  return Number.isNaN(time) || time <= 0 ? {} : ({ [name]: time } as { [N in Name]: number });
}
