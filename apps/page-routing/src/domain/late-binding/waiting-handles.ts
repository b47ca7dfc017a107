import { plainName } from '@pagebridge/handle-registry';
import { alertIdentity } from '@pagebridge/vocabulary';

/** A handle of an alert that nobody knew when the alert fired, and that pages if it becomes known in time. */
export interface WaitingHandle {
  readonly sourceOrg: string;
  readonly alertKey: string;
  readonly alertEventId: string;
  /** Without `@oncall-`. */
  readonly name: string;
  /** Where its alert stands in the partition. */
  readonly offset: number;
  /** As its alert says. */
  readonly occurredAt: string;
  /** When its alert fired, in milliseconds since the epoch as all times here; see `firedAt`. */
  readonly firedAtMs: number;
  /** When it was decided that it waits. */
  readonly sinceMs: number;
  /** Whoever becomes known then or later pages nobody. */
  readonly untilMs: number;
}

/**
 * When an event happened, for its order among those of its alert: never after it was written, since a source whose clock is
 * ahead would have its recovery in the past. A time that cannot be read is that of its record.
 */
export function firedAt(occurredAt: string, writtenAtMs: number): number {
  const said = Date.parse(occurredAt);
  return Number.isNaN(said) ? writtenAtMs : Math.min(said, writtenAtMs);
}

/**
 * What waits in one partition of the alerts.
 *
 * A handle waits until its alert recovers or is decided anew, its time is over, or it becomes known; then it is due, which
 * has no deadline, until it is paged, or put back since it is unknown again. Orgs share room by pools: of a full pool the
 * oldest handle is given up.
 */
export class WaitingHandles {
  readonly #pools = new Map<string, Set<Entry>>();
  readonly #teams = new Map<string, Set<Entry>>();
  readonly #alerts = new Map<string, Map<WaitingHandle, Entry>>();
  readonly #due = new Set<WaitingHandle>();
  #size = 0;

  constructor(private readonly mostInPool: number) {}

  /** How many wait or are due. */
  get size(): number {
    return this.#size;
  }

  get due(): ReadonlySet<WaitingHandle> {
    return this.#due;
  }

  /** Answers the handle that is given up for it, if any. One that is there already stays. */
  add(handle: WaitingHandle, pool: string): WaitingHandle | undefined {
    const { name, offset } = handle;
    const ofAlert = this.#alerts.get(identityOf(handle));
    for (const one of ofAlert?.keys() ?? []) if (one.offset === offset && one.name === name) return undefined;
    this.#expireIn(pool, handle.sinceMs);
    const entry = { handle, pool };
    getOrMake(this.#alerts, identityOf(handle), () => new Map()).set(handle, entry);
    this.#size += 1;
    this.#wait(entry);
    return this.#giveUpBeyond(pool);
  }

  has(handle: WaitingHandle): boolean {
    return this.#alerts.get(identityOf(handle))?.has(handle) ?? false;
  }

  /** What waits and may mean a team of this name. */
  ofTeam(teamHandle: string): WaitingHandle[] {
    return [...(this.#teams.get(lastPartOf(teamHandle)) ?? [])].map(({ handle }) => handle);
  }

  /** What waits of an org, in any of these pools. */
  ofOrg(sourceOrg: string, pools: readonly string[]): WaitingHandle[] {
    const entries = pools.flatMap((pool) => [...(this.#pools.get(pool) ?? [])]);
    return entries.map(({ handle }) => handle).filter((handle) => handle.sourceOrg === sourceOrg);
  }

  /** It has become known: it is to be paged. False where it does not wait, or not any more. */
  markDue(handle: WaitingHandle, nowMs: number): boolean {
    const entry = this.#entryOf(handle);
    if (!entry || this.#due.has(handle) || handle.untilMs <= nowMs) return false;
    this.#waitNoMore(entry);
    this.#due.add(handle);
    return true;
  }

  /** It is unknown again: it waits as before. */
  putBack(handle: WaitingHandle): void {
    const entry = this.#entryOf(handle);
    if (entry && this.#due.delete(handle)) this.#wait(entry);
  }

  /** It has paged, or never will. */
  delete(handle: WaitingHandle): void {
    const entry = this.#entryOf(handle);
    if (!entry) return;
    const identity = identityOf(handle);
    const ofAlert = this.#alerts.get(identity);
    ofAlert?.delete(handle);
    if (ofAlert?.size === 0) this.#alerts.delete(identity);
    if (!this.#due.delete(handle)) this.#waitNoMore(entry);
    this.#size -= 1;
  }

  /** The alert has recovered: nothing of it that fired before waits any more. */
  recovered(sourceOrg: string, alertKey: string, atMs: number): void {
    this.#deleteOf(sourceOrg, alertKey, ({ firedAtMs }) => firedAtMs <= atMs);
  }

  /** The alert at this offset is decided anew: what waited of it counts no more. */
  decidedAnew(sourceOrg: string, alertKey: string, offset: number): void {
    this.#deleteOf(sourceOrg, alertKey, (handle) => handle.offset === offset);
  }

  /** Forgets what waited for too long. */
  expire(nowMs: number): void {
    for (const pool of this.#pools.keys()) this.#expireIn(pool, nowMs);
  }

  #giveUpBeyond(pool: string): WaitingHandle | undefined {
    const inPool = this.#pools.get(pool);
    const [oldest] = inPool ?? [];
    if (!inPool || !oldest || inPool.size <= this.mostInPool) return undefined;
    this.delete(oldest.handle);
    return oldest.handle;
  }

  #deleteOf(sourceOrg: string, alertKey: string, isOver: (handle: WaitingHandle) => boolean): void {
    const ofAlert = this.#alerts.get(alertIdentity(sourceOrg, alertKey));
    if (ofAlert) for (const handle of [...ofAlert.keys()].filter(isOver)) this.delete(handle);
  }

  // They stand about in the order of their times; one that was restored behind younger ones stays a little longer.
  #expireIn(pool: string, nowMs: number): void {
    for (const { handle } of this.#pools.get(pool) ?? []) {
      if (handle.untilMs > nowMs) return;
      this.delete(handle);
    }
  }

  #entryOf(handle: WaitingHandle): Entry | undefined {
    return this.#alerts.get(identityOf(handle))?.get(handle);
  }

  #wait(entry: Entry): void {
    getOrMake(this.#pools, entry.pool, () => new Set()).add(entry);
    getOrMake(this.#teams, lastPartOf(entry.handle.name), () => new Set()).add(entry);
  }

  #waitNoMore(entry: Entry): void {
    deleteIn(this.#pools, entry.pool, entry);
    deleteIn(this.#teams, lastPartOf(entry.handle.name), entry);
  }
}

interface Entry {
  readonly handle: WaitingHandle;
  readonly pool: string;
}

const identityOf = ({ sourceOrg, alertKey }: WaitingHandle): string => alertIdentity(sourceOrg, alertKey);

// A qualified name and the handle of its team end alike, whether the handle has slashes of its own or not.
function lastPartOf(name: string): string {
  const plain = plainName(name);
  return plain.slice(plain.lastIndexOf('/') + 1);
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function deleteIn<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
