import type { Connection } from '@pagebridge/contracts';

/** As much of a connection as says how its keys are sealed. */
export type Sealed = Pick<Connection, 'credential'>;
/** The id of the key that a text is sealed for; empty where it is not sealed. */
export type KidOf = (sealed: string) => string;

const sealsOf = ({ credential: { sealed, former } }: Sealed): string[] => (former ? [sealed, former.sealed] : [sealed]);

/** Whether any pair of a connection, the one from before a rotation too, is sealed for another key than this. */
export const isLeft = (connection: Sealed, kid: string, kidOf: KidOf): boolean =>
  sealsOf(connection).some((sealed) => kidOf(sealed) !== kid);

/** How many credentials are sealed for which key; the present one is there also with none. */
export function countByKid(connections: Iterable<Sealed>, kid: string, kidOf: KidOf): Map<string, number> {
  const counts = new Map([[kid, 0]]);
  for (const connection of connections) {
    for (const its of sealsOf(connection).map(kidOf)) counts.set(its, (counts.get(its) ?? 0) + 1);
  }
  return counts;
}
