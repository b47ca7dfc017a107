import { Problem, serviceProblems } from '@pagebridge/service';

/** Returns what was looked for in a source org; throws 404 if it is not there. */
export function found<T>(it: T | undefined, what: string): T {
  if (it !== undefined) return it;
  const detail = `This source org has no ${what}.`;
  throw new Problem({ ...serviceProblems['not-found'], detail });
}
