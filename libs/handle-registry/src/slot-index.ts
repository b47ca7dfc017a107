const empty = 0;

/**
 * A hash table of row numbers, about eight bytes a row: the rows keep the keys.
 *
 * Open addressing with linear probing, so rows of equal hash stand in one run. The upper bits of an entry, which no row
 * number reaches, hold those of its hash: almost every other row in the run is passed without a look at it. Hashes are
 * recomputed from the rows when the table grows, hence `hashOf`.
 */
export class SlotIndex {
  #table = new Uint32Array(16);
  #count = 0;
  readonly #hashOf: (slot: number) => number;

  constructor(hashOf: (slot: number) => number) {
    this.#hashOf = hashOf;
  }

  get bytes(): number {
    return this.#table.byteLength;
  }

  add(slot: number): void {
    while ((Math.max(this.#count, slot) + 1) * 4 > this.#table.length * 3) this.#grow();
    this.#place(slot);
    this.#count += 1;
  }

  /** The position of the first row that may have this hash, -1 for none; hashes are not negative. */
  first(hash: number): number {
    return this.#seek(hash, hash & this.#mask);
  }

  /** The position of the next one after a position. */
  next(hash: number, position: number): number {
    return this.#seek(hash, (position + 1) & this.#mask);
  }

  /** The row at a position that `first` or `next` gave. */
  at(position: number): number {
    return ((this.#table[position] ?? empty) & this.#mask) - 1;
  }

  /** Takes out a row that is in; it must still be hashed as it was when it was added. */
  remove(slot: number): void {
    const hash = this.#hashOf(slot);
    let hole = this.first(hash);
    while (hole >= 0 && this.at(hole) !== slot) hole = this.next(hash, hole);
    if (hole < 0) throw new RangeError(`row ${slot} is not in the index`);
    this.#closeRun(hole);
    this.#count -= 1;
  }

  // The table has a power of two places, more than there are rows: where a hash begins and what a row number takes.
  get #mask(): number {
    return this.#table.length - 1;
  }

  #seek(hash: number, from: number): number {
    const mask = this.#mask;
    for (let position = from; ; position = (position + 1) & mask) {
      const entry = this.#table[position] ?? empty;
      if (entry === empty) return -1;
      if (((entry ^ hash) & ~mask) === 0) return position;
    }
  }

  // Moves later members of the run into the hole, so that no search ends early and no grave marks pile up.
  #closeRun(from: number): void {
    const mask = this.#mask;
    let hole = from;
    for (let position = (hole + 1) & mask; this.#table[position] !== empty; position = (position + 1) & mask) {
      const home = this.#hashOf(this.at(position)) & mask;
      if (((position - home) & mask) < ((position - hole) & mask)) continue;
      this.#table[hole] = this.#table[position] ?? empty;
      hole = position;
    }
    this.#table[hole] = empty;
  }

  #place(slot: number): void {
    const mask = this.#mask;
    const hash = this.#hashOf(slot);
    let position = hash & mask;
    while (this.#table[position] !== empty) position = (position + 1) & mask;
    this.#table[position] = (hash & ~mask) | (slot + 1);
  }

  // In the order of the rows' numbers, so that their keys are read from front to back.
  #grow(): void {
    const slots = this.#table.filter((entry) => entry !== empty).map((entry) => (entry & this.#mask) - 1);
    this.#table = new Uint32Array(this.#table.length * 2);
    for (const slot of slots.sort()) this.#place(slot);
  }
}
