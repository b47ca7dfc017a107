import type { Connection } from '@pagebridge/contracts';

/** The part of a connection that shows how its keys are sealed. */
export type Sealed = Pick<Connection, 'credential'>;
/** Returns the id of the key for which a text is sealed; empty if it is not sealed. */
export type KidOf = (sealed: string) => string;

const sealsOf = ({ credential: { sealed, former } }: Sealed): string[] => (former ? [sealed, former.sealed] : [sealed]);

/** Returns whether any pair of a connection, the former one included, is sealed for another key than this one. */
export const isLeft = (connection: Sealed, kid: string, kidOf: KidOf): boolean =>
  sealsOf(connection).some((sealed) => kidOf(sealed) !== kid);

/** Counts credentials by the key for which they are sealed. The present key has a count even at 0. */
export function countByKid(connections: Iterable<Sealed>, kid: string, kidOf: KidOf): Map<string, number> {
  const counts = new Map([[kid, 0]]);
  for (const connection of connections) {
    for (const its of sealsOf(connection).map(kidOf)) counts.set(its, (counts.get(its) ?? 0) + 1);
  }
  return counts;
}
