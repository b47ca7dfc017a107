import { cell, type Moved, type RowMemory } from './row-memory.ts';

const none = 0xffff_ffff;

/** The rows of each org, chained by two numbers in each row. */
export class OrgChains {
  readonly #memory: RowMemory;
  /** The first row of each org. */
  #first: number[] = [];

  constructor(memory: RowMemory) {
    this.#memory = memory;
  }

  *rowsOf(org: number): Generator<number> {
    for (let slot = this.#first[org] ?? none; slot !== none; slot = this.#memory.get(slot, cell.next)) yield slot;
  }

  link(slot: number, org: number): void {
    const first = this.#first[org] ?? none;
    this.#memory.set(slot, cell.next, first);
    this.#memory.set(slot, cell.previous, none);
    if (first !== none) this.#memory.set(first, cell.previous, slot);
    this.#first[org] = slot;
  }

  unlink(slot: number): void {
    const next = this.#memory.get(slot, cell.next);
    const previous = this.#memory.get(slot, cell.previous);
    if (next !== none) this.#memory.set(next, cell.previous, previous);
    if (previous !== none) this.#memory.set(previous, cell.next, next);
    else this.#first[this.#memory.get(slot, cell.org)] = next;
  }

  /** For rows that have moved and still name their neighbours as they were. */
  renumber(moved: Moved): void {
    const movedOrNone = (slot: number | undefined) => (slot === undefined || slot === none ? none : moved(slot));
    this.#first = Array.from(this.#first, movedOrNone);
    for (const org of this.#first.keys()) {
      // A row's next is set right before it is walked on to.
      for (const slot of this.rowsOf(org)) {
        for (const neighbour of [cell.next, cell.previous]) {
          this.#memory.set(slot, neighbour, movedOrNone(this.#memory.get(slot, neighbour)));
        }
      }
    }
  }
}
