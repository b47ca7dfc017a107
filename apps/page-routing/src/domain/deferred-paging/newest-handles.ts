import type { WaitingHandle } from './waiting-handles.ts';

/** Collects the newest waiting handles of each pool up to a limit, while a new owner reads those of a former owner. */
export class NewestHandles {
  readonly #pools = new Map<string, WaitingHandle[]>();

  constructor(
    private readonly maxPerPool: number,
    private readonly poolOf: (handle: WaitingHandle) => string,
    private readonly onGivenUp: (handle: WaitingHandle) => void,
  ) {}

  add(handle: WaitingHandle): void {
    const pool = this.poolOf(handle);
    const inPool = this.#pools.get(pool) ?? [];
    this.#pools.set(pool, inPool);
    inPool.push(handle);
    const givenUp = inPool.length > this.maxPerPool ? inPool.shift() : undefined;
    if (givenUp) this.onGivenUp(givenUp);
  }

  /** The handles, those of each pool in the order in which they were added. */
  get all(): WaitingHandle[] {
    return [...this.#pools.values()].flat();
  }
}
