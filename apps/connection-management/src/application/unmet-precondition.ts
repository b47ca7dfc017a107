import { judgeIfMatch } from '../domain/entity-tag.ts';
import type { Refusal } from './refusal.ts';

/** Why a change is not made to the version that its caller has seen; undefined where it is. */
export function unmetPrecondition(
  ifMatch: string | undefined,
  version: number,
  entityTag: string,
): Refusal | undefined {
  const precondition = judgeIfMatch(ifMatch, version);
  return precondition === 'holds' ? undefined : { reason: `if-match-${precondition}`, entityTag };
}
