import { isLater, type Occurrence } from '@pagebridge/contracts';
import { plainName } from '@pagebridge/handle-registry';
import { alertIdentity } from '@pagebridge/vocabulary';

/** An unknown handle of an alert, which still pages if it becomes known in time. All times are in milliseconds since the epoch. */
export interface WaitingHandle {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly alertEventId: string;
  /** The text after `@oncall-`. */
  readonly name: string;
  /** The offset of its alert. */
  readonly offset: number;
  /** The `occurredAt` of its alert. */
  readonly occurredAt: string;
  /** When its alert fired; see `firedAt`. */
  readonly firedAtMs: number;
  /** The position of its alert, if that orders it and the recoveries of nearly the same time. */
  readonly alertRecord?: string | undefined;
  /** When it began to wait. */
  readonly sinceMs: number;
  /** The end of the wait: a handle that becomes known then or later pages nobody. */
  readonly untilMs: number;
}

/**
 * Returns when an event of an alert happened, to order it among the others. If `occurredAt` is after the record was written,
 * the clock of the source is ahead, and the time of the record counts; also if `occurredAt` cannot be parsed.
 */
export function firedAt(occurredAt: string, writtenAtMs: number): number {
  const occurredAtMs = Date.parse(occurredAt);
  return Number.isNaN(occurredAtMs) ? writtenAtMs : Math.min(occurredAtMs, writtenAtMs);
}

export const triggerOf = ({ firedAtMs, alertRecord }: WaitingHandle): Occurrence => ({
  at: firedAtMs,
  record: alertRecord,
});

/**
 * The waiting handles of one partition.
 *
 * A handle waits until its alert recovers or is decided again, its time is over, or it becomes known. A known handle is due,
 * without a deadline, until it is paged, or waits again because it is unknown again. Each handle is in a pool of limited size:
 * beyond the limit, the oldest handle of the pool is given up.
 */
export class WaitingHandles {
  readonly #pools = new Map<string, Set<Entry>>();
  readonly #teams = new Map<string, Set<Entry>>();
  readonly #alerts = new Map<string, Map<WaitingHandle, Entry>>();
  readonly #due = new Set<WaitingHandle>();
  #size = 0;

  constructor(private readonly maxPerPool: number) {}

  /** The number of handles that wait or are due. */
  get size(): number {
    return this.#size;
  }

  get due(): ReadonlySet<WaitingHandle> {
    return this.#due;
  }

  /** Adds a handle, unless it is already there. Returns the handle that is given up for it, if any. */
  add(handle: WaitingHandle, pool: string): WaitingHandle | undefined {
    const { name, offset } = handle;
    const ofAlert = this.#alerts.get(identityOf(handle));
    for (const other of ofAlert?.keys() ?? []) if (other.offset === offset && other.name === name) return undefined;
    this.#expireIn(pool, handle.sinceMs);
    const entry = { handle, pool };
    getOrCreate(this.#alerts, identityOf(handle), () => new Map()).set(handle, entry);
    this.#size += 1;
    this.#startWaiting(entry);
    return this.#giveUpBeyond(pool);
  }

  has(handle: WaitingHandle): boolean {
    return this.#alerts.get(identityOf(handle))?.has(handle) ?? false;
  }

  /** Returns the waiting handles that may mean this team. */
  ofTeam(teamHandle: string): WaitingHandle[] {
    return [...(this.#teams.get(lastPartOf(teamHandle)) ?? [])].map(({ handle }) => handle);
  }

  /** Returns the waiting handles of an org in these pools. */
  ofOrg(sourceOrg: string, pools: readonly string[]): WaitingHandle[] {
    const entries = pools.flatMap((pool) => [...(this.#pools.get(pool) ?? [])]);
    return entries.map(({ handle }) => handle).filter((handle) => handle.sourceOrg === sourceOrg);
  }

  /** Marks a handle that became known as due to be paged, if it still waits and its time is not over. */
  markDue(handle: WaitingHandle, nowMs: number): void {
    const entry = this.#entryOf(handle);
    if (!entry || this.#due.has(handle) || handle.untilMs <= nowMs) return;
    this.#stopWaiting(entry);
    this.#due.add(handle);
  }

  /** Lets a due handle that is unknown again wait as before. */
  putBack(handle: WaitingHandle): void {
    const entry = this.#entryOf(handle);
    if (entry && this.#due.delete(handle)) this.#startWaiting(entry);
  }

  /** Removes a handle that has paged, or never will. */
  delete(handle: WaitingHandle): void {
    const entry = this.#entryOf(handle);
    if (!entry) return;
    const identity = identityOf(handle);
    const ofAlert = this.#alerts.get(identity);
    ofAlert?.delete(handle);
    if (ofAlert?.size === 0) this.#alerts.delete(identity);
    if (!this.#due.delete(handle)) this.#stopWaiting(entry);
    this.#size -= 1;
  }

  /** Removes the handles of an alert that fired before its recovery. */
  recovered(sourceOrg: string, alertKey: string, recovery: Occurrence): void {
    this.#deleteOf(sourceOrg, alertKey, (handle) => !isLater(triggerOf(handle), recovery));
  }

  /** Removes the handles of the alert at this offset, because it is decided again. */
  decidedAgain(sourceOrg: string, alertKey: string, offset: number): void {
    this.#deleteOf(sourceOrg, alertKey, (handle) => handle.offset === offset);
  }

  /** Removes the handles whose time is over. */
  expire(nowMs: number): void {
    for (const pool of this.#pools.keys()) this.#expireIn(pool, nowMs);
  }

  #giveUpBeyond(pool: string): WaitingHandle | undefined {
    const inPool = this.#pools.get(pool);
    const [oldest] = inPool ?? [];
    if (!inPool || !oldest || inPool.size <= this.maxPerPool) return undefined;
    this.delete(oldest.handle);
    return oldest.handle;
  }

  #deleteOf(sourceOrg: string, alertKey: string, isOver: (handle: WaitingHandle) => boolean): void {
    const ofAlert = this.#alerts.get(alertIdentity(sourceOrg, alertKey));
    if (ofAlert) for (const handle of [...ofAlert.keys()].filter(isOver)) this.delete(handle);
  }

  // The handles are roughly in the order of their times. One that was restored after younger ones stays a little longer.
  #expireIn(pool: string, nowMs: number): void {
    for (const { handle } of this.#pools.get(pool) ?? []) {
      if (handle.untilMs > nowMs) return;
      this.delete(handle);
    }
  }

  #entryOf(handle: WaitingHandle): Entry | undefined {
    return this.#alerts.get(identityOf(handle))?.get(handle);
  }

  #startWaiting(entry: Entry): void {
    getOrCreate(this.#pools, entry.pool, () => new Set()).add(entry);
    getOrCreate(this.#teams, lastPartOf(entry.handle.name), () => new Set()).add(entry);
  }

  #stopWaiting(entry: Entry): void {
    deleteIn(this.#pools, entry.pool, entry);
    deleteIn(this.#teams, lastPartOf(entry.handle.name), entry);
  }
}

interface Entry {
  readonly handle: WaitingHandle;
  readonly pool: string;
}

const identityOf = ({ sourceOrg, alertKey }: WaitingHandle): string => alertIdentity(sourceOrg, alertKey);

// A qualified name and the team handle have the same last part, even if the team handle contains slashes.
function lastPartOf(name: string): string {
  const plain = plainName(name);
  return plain.slice(plain.lastIndexOf('/') + 1);
}

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const created = create();
  map.set(key, created);
  return created;
}

function deleteIn<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
