const empty = 0;

/**
 * A hash table of row numbers, about eight bytes a row: the rows keep the keys.
 *
 * Open addressing with linear probing, so rows of equal hash stand in one run. Hashes are recomputed from the rows when
 * the table grows, hence `hashOf`.
 */
export class SlotIndex {
  #table = new Uint32Array(16);
  #count = 0;

  constructor(private readonly hashOf: (slot: number) => number) {}

  get bytes(): number {
    return this.#table.byteLength;
  }

  add(slot: number): void {
    if ((this.#count + 1) * 4 > this.#table.length * 3) this.#grow();
    this.#place(slot);
    this.#count += 1;
  }

  /** Where the rows with this hash begin; step with `after` until `at` answers -1. Others may stand between them. */
  start(hash: number): number {
    return hash & (this.#table.length - 1);
  }

  after(position: number): number {
    return (position + 1) & (this.#table.length - 1);
  }

  /** The row at a position, -1 at the end of a run. */
  at(position: number): number {
    return (this.#table[position] ?? empty) - 1;
  }

  /** Takes out a row that is in; it must still be hashed as it was when it was added. */
  remove(slot: number): void {
    let hole = this.start(this.hashOf(slot));
    while (this.at(hole) !== slot) {
      if (this.at(hole) < 0) throw new RangeError(`row ${slot} is not in the index`);
      hole = this.after(hole);
    }
    this.#closeRun(hole);
    this.#count -= 1;
  }

  // Moves later members of the run into the hole, so that no search ends early and no grave marks pile up.
  #closeRun(from: number): void {
    const mask = this.#table.length - 1;
    let hole = from;
    for (let position = this.after(hole); this.at(position) >= 0; position = this.after(position)) {
      const home = this.start(this.hashOf(this.at(position)));
      if (((position - home) & mask) < ((position - hole) & mask)) continue;
      this.#table[hole] = this.#table[position] ?? empty;
      hole = position;
    }
    this.#table[hole] = empty;
  }

  #place(slot: number): void {
    let position = this.start(this.hashOf(slot));
    while (this.at(position) >= 0) position = this.after(position);
    this.#table[position] = slot + 1;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== empty) this.#place(entry - 1);
  }
}
