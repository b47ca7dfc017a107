import type { Connection } from '../connections/queries.ts';

/** An org with its connections; without them if they could not be read. */
export interface ReadOrg {
  readonly org: string;
  readonly connections: readonly Connection[] | undefined;
}

/** Returns orgs with those that fail first, then those of which that is not known, else in their order. */
export const failingFirst = (orgs: readonly ReadOrg[]): ReadOrg[] => orgs.toSorted((a, b) => rank(a) - rank(b));

function rank({ connections }: ReadOrg): number {
  if (!connections) return 1;
  return connections.some(({ status }) => status === 'failing') ? 0 : 2;
}
