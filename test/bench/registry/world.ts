import { uuidOf } from '../page-path/world.ts';

/** How many source orgs, how many handles each, and how many the first org, the big one, has instead. */
export interface WorldSize {
  readonly orgs: number;
  readonly perOrg: number;
  readonly bigOrg: number;
}

/** A handle as everybody here knows it. */
export interface Team {
  readonly sourceOrg: string;
  readonly connectionId: string;
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

export const connectionsPerOrg = 2;
export const orgName = (org: number): string => `org-${String(org).padStart(4, '0')}`;
export const connectionIdOf = (org: number, connection: number): string => uuidOf(orgName(org), String(connection));
export const handlesOf = ({ perOrg, bigOrg }: WorldSize, org: number): number => (org === 0 ? bigOrg : perOrg);
export const handlesIn = (size: WorldSize): number => (size.orgs - 1) * size.perOrg + size.bigOrg;

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
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** What people call their teams: `payments-cache-eu-217`. */
export const handleAt = (org: number, index: number): string =>
  [pick(fields, index * 7 + org), pick(kinds, index * 3 + (index >> 5)), pick(places, index >> 3), index].join('-');

export function teamAt(org: number, index: number): Team {
  const teamHandle = handleAt(org, index);
  return {
    sourceOrg: orgName(org),
    connectionId: connectionIdOf(org, index % connectionsPerOrg),
    teamId: uuidOf(orgName(org), teamHandle),
    teamHandle,
    teamName: teamHandle.split('-').map(capital).join(' '),
  };
}

/** Numbers below `bound` that look random and are the same in every run. */
export function numbersBelow(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  };
}
