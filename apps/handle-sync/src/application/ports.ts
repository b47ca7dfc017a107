import type { Connection, ConnectionReport, Directory } from '@pagebridge/contracts';
import type { Destination, Result } from '@pagebridge/destination';
import type { KnownTeam } from '@pagebridge/handle-registry';
import type { PlacedChange } from '../domain/latest-changes.ts';
import type { ToldChange } from '../domain/told-change.ts';

/** What of a destination is looked at. */
export type LookedAt = Pick<Destination, 'teams' | 'isOnCall' | 'validateKeys' | 'currentUser'>;

/** Opens destinations with the credential of a connection; that it cannot be opened is a failure like any other. */
export interface Destinations {
  open(connection: Connection): Promise<Result<LookedAt>>;
}

/** A team to write, or `null` to delete it; with what is told of it to the log of changes. */
export interface TeamWrite {
  readonly teamId: string;
  readonly team: KnownTeam | null;
  readonly told?: ToldChange | undefined;
}

/**
 * Writes what its owner knows of a directory, acknowledged by Kafka when it resolves; after a rejection any of it may have
 * been written. Rejects without writing where the directory is no longer ours.
 *
 * What is told is written before the teams: a difference is missing from the log of changes only where it is found again.
 */
export interface DirectoryPublisher {
  publishTeams(directory: string, writes: readonly TeamWrite[], signal: AbortSignal): Promise<void>;
  /** Null: no connection uses it. */
  publishStatus(directory: string, status: DirectoryStatus | null, signal: AbortSignal): Promise<void>;
}

/** How well a directory is known; its owner adds who says so. */
export type DirectoryStatus = Pick<Directory, 'teams' | 'unread' | 'completeAt' | 'refused' | 'at'>;

export interface ReportPublisher {
  publish(reports: readonly ConnectionReport[], signal: AbortSignal): Promise<void>;
}

export const lookResults = ['synced', 'sync-failed', 'credential-fault', 'deleted', 'error'] as const;
/** How a look at a directory ended; `error` is our own trouble, as Kafka being away. */
export type LookResult = (typeof lookResults)[number];

export interface SyncMeter {
  looked(result: LookResult, durationMs: number): void;
}

/** Which changes a source org asks for: those of these directories since that time. */
export interface ChangeQuery {
  readonly sourceOrg: string;
  readonly directories: ReadonlySet<string>;
  readonly sinceMs: number;
}

/** The log of changes. */
export interface ChangeLog {
  /**
   * Resolves when `take` has had every change that was asked for, in no order. Rejects with TooManyChangesError or
   * ChangesNotReadError.
   */
  read(query: ChangeQuery, take: (change: PlacedChange) => void): Promise<void>;
}

/** More was written since that time than one answer may read. */
export class TooManyChangesError extends Error {}

/** The log cannot be read now. */
export class ChangesNotReadError extends Error {}
