import { type ConnectionReport, PageCommands } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';

type DrainedReport = Extract<ConnectionReport, { kind: 'drained' }>;
type Drained = Pick<DrainedReport, 'resolved' | 'unresolved'>;

/** The deletion of a connection in progress: it pages nobody, and its open pages are being resolved. */
export interface Deletion {
  readonly requestedAt: Date;
  /** The reports of page-delivery, by partition of the page commands. */
  readonly drained: Readonly<Record<string, Drained>>;
}

/** The progress of a deletion. */
export interface DeletionProgress {
  readonly resolvedPages: number;
  /** Pages that could not be resolved, and may still be open in the destination. */
  readonly unresolvedPages: number;
  /** Partitions for which page-delivery has not yet reported that no page is open; at 0 the connection is removed. */
  readonly partitionsLeft: number;
}

/** Returns the connection with its deletion begun; the same object if it had begun before. */
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

/** Returns the connection after a partition was drained. A report read before, or without a deletion, changes nothing. */
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
