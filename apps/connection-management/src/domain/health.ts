import type { ConnectionReport } from '@pagebridge/contracts';

export type Reporter = ConnectionReport['reportedBy'] | 'connection-management';

/** Why a credential does not work, as found by one service; each service has at most one fault. */
export interface Fault {
  readonly reportedBy: Reporter;
  readonly missingPermission?: string;
  /** The keys are sealed for a key that the service does not hold. */
  readonly unopenable?: true;
  readonly detail: string;
  readonly since: Date;
}

/** What the services that use a connection have reported about it. */
export interface Health {
  /** The sync requests that were answered last; absent until a report names the request that it answers. */
  readonly answered?: readonly string[];
  readonly faults: readonly Fault[];
  readonly lastSync?: {
    readonly at: Date;
    readonly teams: number;
    readonly added: number;
    readonly removed: number;
    readonly durationMs: number;
  };
  /** The last failed sync, until one succeeds. */
  readonly lastSyncFailure?: { readonly at: Date; readonly detail: string; readonly unread?: number };
  /** The time of the last report of each kind and reporter, and of the last passed check. */
  readonly seen: Readonly<Record<string, Date>>;
}

/** The key in `seen` for the last passed check. */
export const checkedSlot = 'check:connection-management';

export const unreported: Health = { faults: [], seen: {} };
