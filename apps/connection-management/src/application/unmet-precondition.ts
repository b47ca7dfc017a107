import { judgeIfMatch } from '../domain/entity-tag.ts';
import type { Refusal } from './refusal.ts';

/** Returns why `If-Match` does not allow a change of this version; undefined if it does. */
export function unmetPrecondition(
  ifMatch: string | undefined,
  version: number,
  entityTag: string,
): Refusal | undefined {
  const precondition = judgeIfMatch(ifMatch, version);
  return precondition === 'holds' ? undefined : { reason: `if-match-${precondition}`, entityTag };
}
