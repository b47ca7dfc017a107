import type { Connection } from './queries.ts';

export const statuses = ['failing', 'active', 'disabled', 'deleting'] as const;
export type Status = (typeof statuses)[number];

/** Returns connections with those that fail first, else in their order. */
export const worstFirst = (connections: readonly Connection[]): Connection[] =>
  connections.toSorted((a, b) => rank(a) - rank(b));

const rank = ({ status }: Connection): number => statuses.indexOf(status as Status);

/** Returns the connections with this status whose name, destination org or slug contains the text. */
export function matching(connections: readonly Connection[], status: string | undefined, text: string): Connection[] {
  const wanted = text.trim().toLowerCase();
  return connections.filter((connection) => {
    if (status !== undefined && connection.status !== status) return false;
    const { name, slug, destinationOrg } = connection;
    return [name, slug, destinationOrg.name].some((field) => field.toLowerCase().includes(wanted));
  });
}
