import { namesWithin } from '@pagebridge/vocabulary';
import type { Org } from '../org.ts';
import { type Match, matchesOf } from './matching.ts';

/** The name in a mention that counts, and the teams that it may mean, the one that has it first. */
export interface Reading {
  readonly name: string;
  readonly first: Match;
  readonly matches: readonly Match[];
}

/** Returns the longest name in a mention that is a local handle of the org. */
export function localNameIn(org: Org, mention: string): string | undefined {
  for (const name of namesWithin(mention)) if (org.isLocal(name)) return name;
  return undefined;
}

/**
 * Returns the reading of a mention: the longest name in it that has a claim, so that the literal text wins over the text
 * without trailing punctuation.
 *
 * But a shorter name counts if another connection claimed it earlier, so that a team called `core-infra.` does not get mentions
 * of `core-infra` at the end of a sentence; or if only the shorter name can be paged, because a missed page is worse.
 */
export function readingOf(org: Org, mention: string, now: Date): Reading | undefined {
  let best: Reading | undefined;
  for (const name of namesWithin(mention)) {
    const matches = matchesOf(org, name, now);
    const [first] = matches;
    if (first && (!best || isPreferred(first, best.first))) best = { name, first, matches };
  }
  return best;
}

function isPreferred(shorter: Match, longer: Match): boolean {
  if (shorter.over === longer.over) return false;
  return claimOf(shorter) < claimOf(longer) || (shorter.connection.enabled && !longer.connection.enabled);
}

// A name that a rename gave up ranks after every claim.
const claimOf = ({ claimedAt = Number.POSITIVE_INFINITY }: Match): number => claimedAt;
