import { setTimeout as sleep } from 'node:timers/promises';
import { type OutgoingRecord, type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { nowMs } from '../page-path/alerts.ts';
import { sourceOrgOf } from './connections.ts';
import { asked, dormantHandle, type Org, onCallHandle } from './destinations.ts';
import type { Known } from './known.ts';

/** What people do to a team of their org; afterwards it is on call and has a handle that it is to be known by. */
export interface Deed {
  readonly handle: string;
  readonly of: (org: Org) => Promise<unknown>;
}

/** The nth deed: a team is made, or one that is known gets another handle. */
export function madeOrRenamed(n: number): Deed {
  const handle = n % 2 === 0 ? `made-${n}` : `renamed-${n}`;
  const change = { handle, name: handle };
  const of = ({ controlUrl }: Org) =>
    n % 2 === 0
      ? asked('POST', `${controlUrl}/teams`, change)
      : asked('PATCH', `${controlUrl}/teams/${onCallHandle(n)}`, change);
  return { handle, of };
}

/** The nth deed: a team that is known is given routing rules. */
export function onboarded(n: number): Deed {
  const handle = dormantHandle(n);
  return { handle, of: ({ controlUrl }) => asked('POST', `${controlUrl}/teams/${handle}/onboard`, {}) };
}

/** Who asks for a fresh look once the deed is done. */
export type Cause = SyncRequest['cause'] | 'nobody';

export interface Trial {
  readonly deeds: readonly Deed[];
  readonly cause: Cause;
  /** Over this time the deeds are spread, those of each destination evenly. */
  readonly overMs: number;
  readonly withinMs: number;
}

/** What people change in their destinations, and how long it takes until others know. */
export class Changes {
  readonly #orgs: readonly Org[];
  readonly #known: Known;
  readonly #publish: (records: readonly OutgoingRecord[]) => Promise<void>;

  constructor(orgs: readonly Org[], known: Known, publish: (records: readonly OutgoingRecord[]) => Promise<void>) {
    this.#orgs = orgs;
    this.#known = known;
    this.#publish = publish;
  }

  /** Has these deeds done in each destination; answers how long each took to be known, at most `withinMs`. */
  async latenciesOf({ deeds, cause, overMs, withinMs }: Trial): Promise<number[]> {
    const gapMs = overMs / (deeds.length * this.#orgs.length);
    const started = deeds.flatMap((deed, nth) =>
      this.#orgs.map(async (org, index) => {
        await sleep((nth * this.#orgs.length + index) * gapMs);
        const request = cause === 'nobody' ? [] : [requestOf(org.directory, sourceOrgOf(index), cause, deed.handle)];
        return this.#latencyOf(org, deed, request, withinMs);
      }),
    );
    return Promise.all(started);
  }

  async #latencyOf(
    org: Org,
    { handle, of }: Deed,
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
