import type { Connection, ConnectionReport, Directory } from '@pagebridge/contracts';
import type { Destination, Result } from '@pagebridge/destination';
import type { KnownTeam } from '@pagebridge/handle-registry';
import type { PlacedChange } from '../domain/latest-changes.ts';
import type { LoggedChange } from '../domain/logged-change.ts';

/** The operations of a destination that a sync uses. */
export type DestinationReader = Pick<Destination, 'teams' | 'isOnCall' | 'validateKeys' | 'currentUser'>;

/** Opens a destination with the credential of a connection. A credential that cannot be opened is a failure. */
export interface Destinations {
  open(connection: Connection): Promise<Result<DestinationReader>>;
}

/** A team to write, or `null` to delete it, with its entry for the log of changes. */
export interface TeamWrite {
  readonly teamId: string;
  readonly team: KnownTeam | null;
  readonly logged?: LoggedChange | undefined;
}

/**
 * Writes the teams and the status of a directory. Resolves when Kafka has acknowledged them; after a rejection any part may
 * have been written. Writes nothing further and rejects once this process no longer owns the directory.
 *
 * The log of changes is written before the teams: if the teams are not written, the next sync finds the difference again and
 * logs it again, so that no change is missing from the log.
 */
export interface DirectoryPublisher {
  publishTeams(directory: string, writes: readonly TeamWrite[], signal: AbortSignal): Promise<void>;
  /** Null deletes the status, because no connection uses the directory. */
  publishStatus(directory: string, status: DirectoryStatus | null, signal: AbortSignal): Promise<void>;
}

/** How completely a directory is known; its owner adds the owner epoch. */
export type DirectoryStatus = Pick<Directory, 'teams' | 'unread' | 'completeAt' | 'refused' | 'at'>;

export interface ReportPublisher {
  publish(reports: readonly ConnectionReport[], signal: AbortSignal): Promise<void>;
}

export const syncResults = ['synced', 'sync-failed', 'credential-fault', 'deleted', 'error'] as const;
/** The result of a sync; `error` is a failure of handle-sync or Kafka, not of the destination. */
export type SyncResult = (typeof syncResults)[number];

export interface SyncMeter {
  syncEnded(result: SyncResult, durationMs: number): void;
}

/** The changes to read: those of some directories since a time. */
export interface ChangeQuery {
  readonly sourceOrg: string;
  readonly directories: ReadonlySet<string>;
  readonly sinceMs: number;
}

export interface ChangeLog {
  /** Passes the matching changes to `take`, in no order. Rejects with TooManyChangesError or ChangesNotReadError. */
  read(query: ChangeQuery, take: (change: PlacedChange) => void): Promise<void>;
}

/** More changes were written since the time than one answer may read. */
export class TooManyChangesError extends Error {}

/** The log cannot be read at present. */
export class ChangesNotReadError extends Error {}
