import type { WaitingHandle } from './waiting-handles.ts';

/** The last handles of each pool that are read, at most so many: what was left to wait may be far more than there is room for. */
export class NewestHandles {
  readonly #pools = new Map<string, WaitingHandle[]>();

  constructor(
    private readonly mostInPool: number,
    private readonly poolOf: (handle: WaitingHandle) => string,
    private readonly onGivenUp: (handle: WaitingHandle) => void,
  ) {}

  add(handle: WaitingHandle): void {
    const pool = this.poolOf(handle);
    const inPool = this.#pools.get(pool) ?? [];
    this.#pools.set(pool, inPool);
    inPool.push(handle);
    const givenUp = inPool.length > this.mostInPool ? inPool.shift() : undefined;
    if (givenUp) this.onGivenUp(givenUp);
  }

  /** Those of a pool in the order in which they were added. */
  get all(): WaitingHandle[] {
    return [...this.#pools.values()].flat();
  }
}
