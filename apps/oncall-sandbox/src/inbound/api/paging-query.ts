import { type Answer, badQuery } from '../answer.ts';

/** A page of a list: `number` from 0. */
export interface ListPage {
  readonly number: number;
  readonly size: number;
}

/** Returns a whole number of a query, `fallback` if it is absent, or an answer that refuses it. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number): number | Answer {
  const text = query.get(name);
  if (text === null) return fallback;
  return /^\d{1,9}$/.test(text) ? Number(text) : badQuery(name, 'type "integer"');
}

/** Reads `page[number]` and `page[size]` (default 10); a size over the cap is reduced to it. */
export function listPage(query: URLSearchParams, cap: number): ListPage | Answer {
  const number = wholeNumber(query, 'page[number]', 0);
  if (typeof number !== 'number') return number;
  const size = wholeNumber(query, 'page[size]', 10);
  if (typeof size !== 'number') return size;
  return size === 0 ? badQuery('page[size]', 'at least 1') : { number, size: Math.min(size, cap) };
}

export const sliceOf = <T>(list: readonly T[], { number, size }: ListPage): readonly T[] =>
  list.slice(number * size, (number + 1) * size);
