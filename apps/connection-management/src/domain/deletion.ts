import { type ConnectionReport, PageCommands } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';

type DrainedReport = Extract<ConnectionReport, { kind: 'drained' }>;
type Drained = Pick<DrainedReport, 'resolved' | 'unresolved'>;

/** A connection on its way out: it pages nobody, and what is open over it is being resolved. */
export interface Deletion {
  readonly requestedAt: Date;
  /** What page-delivery has said, by partition of the page commands. */
  readonly drained: Readonly<Record<string, Drained>>;
}

/** How far a deletion is. */
export interface DeletionProgress {
  readonly resolvedPages: number;
  /** Pages that could not be resolved, and may still be open in the destination. */
  readonly unresolvedPages: number;
  /** Partitions of which page-delivery has not said yet that nothing is open; at 0 the connection goes. */
  readonly partitionsLeft: number;
}

/** The connection from when its deletion was asked for; the very same object where it was before. */
export const leaving = (connection: Connection, now: Date): Connection =>
  connection.deletion
    ? connection
    : {
        ...connection,
        enabled: false,
        deletion: { requestedAt: now, drained: {} },
        version: connection.version + 1,
        updatedAt: now,
      };

/** The connection after a partition was drained; the same report read again changes nothing, nor does one that is not asked for. */
export function drained(connection: Connection, { partition, resolved, unresolved }: DrainedReport): Connection {
  const { deletion } = connection;
  if (!deletion || deletion.drained[partition] || partition >= PageCommands.card.partitions) return connection;
  const after = { ...deletion, drained: { ...deletion.drained, [partition]: { resolved, unresolved } } };
  return { ...connection, deletion: after, stateRevision: connection.stateRevision + 1 };
}

export function progressOf({ drained }: Deletion): DeletionProgress {
  const partitions = Object.values(drained);
  return {
    resolvedPages: partitions.reduce((sum, { resolved }) => sum + resolved, 0),
    unresolvedPages: partitions.reduce((sum, { unresolved }) => sum + unresolved, 0),
    partitionsLeft: PageCommands.card.partitions - partitions.length,
  };
}
