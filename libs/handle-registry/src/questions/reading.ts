import { namesWithin } from '@pagebridge/vocabulary';
import type { Org } from '../org.ts';
import { type Match, matchesOf } from './matching.ts';

/** The name in a mention that counts, and the teams that it may mean, the one that has it first. */
export interface Reading {
  readonly name: string;
  readonly first: Match;
  readonly matches: readonly Match[];
}

/** The longest name in a mention that the org declares its own. */
export function localNameIn(org: Org, mention: string): string | undefined {
  for (const name of namesWithin(mention)) if (org.isLocal(name)) return name;
  return undefined;
}

/**
 * What a mention means: the longest name in it that anyone claims, so that what was literally written wins over what is left
 * when trailing punctuation is taken for the sentence's.
 *
 * But a shorter one counts where another connection claimed that earlier: nobody gets what others are called at the end of a
 * sentence by calling a team `core-infra.`. And a longer one of a disabled connection does not keep a shorter one from
 * paging, since a missed page is worse.
 */
export function readingOf(org: Org, mention: string, now: Date): Reading | undefined {
  let best: Reading | undefined;
  for (const name of namesWithin(mention)) {
    const matches = matchesOf(org, name, now);
    const [first] = matches;
    if (first && (!best || isMeantRather(first, best.first))) best = { name, first, matches };
  }
  return best;
}

function isMeantRather(shorter: Match, longer: Match): boolean {
  if (shorter.over === longer.over) return false;
  return claimOf(shorter) < claimOf(longer) || (shorter.connection.enabled && !longer.connection.enabled);
}

// What was given up by a rename is claimed after everything.
const claimOf = ({ claimedAt = Number.POSITIVE_INFINITY }: Match): number => claimedAt;
