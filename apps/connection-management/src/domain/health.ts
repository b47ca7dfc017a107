import type { Reported } from '@pagebridge/contracts';

/** What the services that use a connection have reported about it. */
export interface Health extends Reported {
  /** The sync requests that were answered last; absent until a report names the request that it answers. */
  readonly answered?: readonly string[];
  readonly lastSync?: {
    readonly at: Date;
    readonly teams: number;
    readonly added: number;
    readonly removed: number;
    readonly durationMs: number;
  };
  /** The last failed sync, until one succeeds. */
  readonly lastSyncFailure?: { readonly at: Date; readonly detail: string; readonly unread?: number };
}
