import type { Connection, ConnectionReport, Handle } from '@pagebridge/contracts';
import type { PermissionName } from '@pagebridge/vocabulary';
import type { ReadTeam } from '../domain/team.ts';

/** What a look at a destination brought. Expected failures are values; only an abort rejects. */
export type Reading =
  /** `complete` is false when teams may be missing from the list. */
  | { readonly kind: 'listed'; readonly teams: readonly ReadTeam[]; readonly complete: boolean }
  | { readonly kind: 'credential-fault'; readonly missingPermission?: PermissionName; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string };

/** Reads a destination's teams with the connection's credential. Rejects with the signal's reason when aborted. */
export interface TeamReader {
  read(connection: Connection, signal: AbortSignal): Promise<Reading>;
}

/** A handle to write, or `null` to delete it. */
export interface HandleWrite {
  readonly connectionId: string;
  readonly teamId: string;
  readonly handle: Handle | null;
}

/** Writes handles, acknowledged by Kafka when it resolves; after a rejection any of them may have been written. */
export interface HandlePublisher {
  publish(writes: readonly HandleWrite[], traceparent?: string): Promise<void>;
}

export interface ReportPublisher {
  publish(report: ConnectionReport, traceparent?: string): Promise<void>;
}

export const syncResults = [
  'synced',
  'sync-failed',
  'credential-fault',
  'implausible',
  'deleted',
  'aborted',
  'error',
] as const;
/** How a sync ended; `error` is our own trouble, as Kafka being away. */
export type SyncResult = (typeof syncResults)[number];

export interface SyncMeter {
  synced(result: SyncResult, durationMs: number): void;
}
