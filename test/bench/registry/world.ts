/** A number of source orgs with a number of handles each; org number 0 is an additional one with very many. */
export interface WorldSize {
  readonly orgs: number;
  readonly perOrg: number;
  readonly bigOrg: number;
}

export const orgName = (org: number): string => `org-${String(org).padStart(4, '0')}`;

const fields =
  'core payments search checkout billing identity data platform mobile web edge network storage fraud growth ads media video infra security orders inventory shipping loyalty'.split(
    ' ',
  );
const kinds =
  'api backend frontend pipeline ingest gateway database cache queue batch realtime reporting analytics ops sre oncall release build tools'.split(
    ' ',
  );
const places = 'prod staging eu us ap emea apac primary secondary critical'.split(' ');
const pick = (words: readonly string[], index: number): string => words[index % words.length] ?? '';

/** Returns a realistic handle: `payments-cache-eu-217`. */
export const handleAt = (org: number, index: number): string =>
  [pick(fields, index * 7 + org), pick(kinds, index * 3 + (index >> 5)), pick(places, index >> 3), index].join('-');

/** Returns a generator of numbers below `bound` that look random and are the same in every run. */
export function numbersBelow(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  };
}
