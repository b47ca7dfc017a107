import { setTimeout as sleep } from 'node:timers/promises';
import { type OutgoingRecord, type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { nowMs } from '../page-path/alerts.ts';
import { sourceOrgOf } from './connections.ts';
import { asked, dormantHandle, type Org, onCallHandle } from './destinations.ts';
import type { Known } from './known.ts';

/** A change to a team; afterwards the team is on call with this handle. */
export interface TeamChange {
  readonly handle: string;
  readonly of: (org: Org) => Promise<unknown>;
}

/** Returns the nth change: a team is created, or an existing one is renamed. */
export function madeOrRenamed(n: number): TeamChange {
  const handle = n % 2 === 0 ? `made-${n}` : `renamed-${n}`;
  const change = { handle, name: handle };
  const of = ({ controlUrl }: Org) =>
    n % 2 === 0
      ? asked('POST', `${controlUrl}/teams`, change)
      : asked('PATCH', `${controlUrl}/teams/${onCallHandle(n)}`, change);
  return { handle, of };
}

/** Returns the nth change: an existing team gets routing rules. */
export function onboarded(n: number): TeamChange {
  const handle = dormantHandle(n);
  return { handle, of: ({ controlUrl }) => asked('POST', `${controlUrl}/teams/${handle}/onboard`, {}) };
}

/** The requester of a sync after the change. */
export type Cause = SyncRequest['cause'] | 'nobody';

export interface Trial {
  readonly teamChanges: readonly TeamChange[];
  readonly cause: Cause;
  /** The period over which the changes are spread, evenly for each destination. */
  readonly overMs: number;
  readonly withinMs: number;
}

/** Changes teams in the destinations, and measures how long handle-sync takes to publish the changes. */
export class Changes {
  readonly #orgs: readonly Org[];
  readonly #known: Known;
  readonly #publish: (records: readonly OutgoingRecord[]) => Promise<void>;

  constructor(orgs: readonly Org[], known: Known, publish: (records: readonly OutgoingRecord[]) => Promise<void>) {
    this.#orgs = orgs;
    this.#known = known;
    this.#publish = publish;
  }

  /** Applies these changes in each destination; returns the latency of each, at most `withinMs`. */
  async latenciesOf({ teamChanges, cause, overMs, withinMs }: Trial): Promise<number[]> {
    const gapMs = overMs / (teamChanges.length * this.#orgs.length);
    const started = teamChanges.flatMap((teamChange, nth) =>
      this.#orgs.map(async (org, index) => {
        await sleep((nth * this.#orgs.length + index) * gapMs);
        const request =
          cause === 'nobody' ? [] : [requestOf(org.directory, sourceOrgOf(index), cause, teamChange.handle)];
        return this.#latencyOf(org, teamChange, request, withinMs);
      }),
    );
    return Promise.all(started);
  }

  async #latencyOf(
    org: Org,
    { handle, of }: TeamChange,
    request: readonly OutgoingRecord[],
    withinMs: number,
  ): Promise<number> {
    const known = this.#known.until(org.directory, handle, withinMs);
    const sinceMs = nowMs();
    await of(org);
    await this.#publish(request);
    const atMs = await known;
    return atMs === undefined ? withinMs : atMs - sinceMs;
  }
}

function requestOf(directory: string, sourceOrg: string, cause: SyncRequest['cause'], handle: string): OutgoingRecord {
  const requestedAt = new Date().toISOString();
  const named = cause === 'unknown-handle' ? { handle: handleOf(handle) } : {};
  const request = { directory, sourceOrg, cause, ...named, requestedAt };
  return SyncRequests.encode(directory, { id: handle, source: '/bench', time: requestedAt }, request);
}
