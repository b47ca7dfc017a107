import type { ConnectionReport } from '@pagebridge/contracts';

export type Reporter = ConnectionReport['reportedBy'] | 'connection-management';

/** Why a credential does not work, as one service saw it; each service has at most one. */
export interface Fault {
  readonly reportedBy: Reporter;
  readonly missingPermission?: string;
  /** The keys are sealed for a key that the service does not have. */
  readonly unopenable?: true;
  readonly detail: string;
  readonly since: Date;
}

/** What the services that use a connection have reported of it. */
export interface Health {
  /** The sync requests that were answered last; none as long as no report says which it answers. */
  readonly answered?: readonly string[];
  readonly faults: readonly Fault[];
  readonly lastSync?: {
    readonly at: Date;
    readonly teams: number;
    readonly added: number;
    readonly removed: number;
    readonly durationMs: number;
  };
  /** The last sync that failed, until one succeeds. */
  readonly lastSyncFailure?: { readonly at: Date; readonly detail: string; readonly unread?: number };
  /** The time of the last report of each kind and reporter, and of the last check that passed. */
  readonly seen: Readonly<Record<string, Date>>;
}

/** Where `seen` keeps when a check last passed. */
export const checkedSlot = 'check:connection-management';

export const unreported: Health = { faults: [], seen: {} };
