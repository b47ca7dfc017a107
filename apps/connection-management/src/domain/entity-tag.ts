/**
 * Returns the strong entity tag of a resource with a version that callers change and a state that changes by itself.
 *
 * The tag contains both, so it names one representation. Only the version decides a conflict: a sync that ends between a read
 * and a write is no reason to refuse the write.
 */
export const entityTag = (version: number, stateRevision = 0): string => `"${version}.${stateRevision}"`;

export type Precondition = 'holds' | 'missing' | 'malformed' | 'stale';

const form = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/** Compares an `If-Match` header with a version. `*` holds for anything that exists; weak tags never hold. */
export function judgeIfMatch(ifMatch: string | undefined, version: number): Precondition {
  if (ifMatch === undefined || ifMatch.trim() === '') return 'missing';
  if (ifMatch.trim() === '*') return 'holds';
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => form.test(tag))) return 'malformed';
  const holds = tags.some((tag) => /^"(\d{1,10})(?:\.\d{1,10})?"$/.exec(tag)?.[1] === String(version));
  return holds ? 'holds' : 'stale';
}
