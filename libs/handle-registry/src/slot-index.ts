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
  /** The bits of an entry that hold a row number, one higher there; the others are for hashes. */
  #numbers = 0xf_ffff;
  readonly #hashOf: (slot: number) => number;

  constructor(hashOf: (slot: number) => number) {
    this.#hashOf = hashOf;
  }

  get size(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#table.byteLength;
  }

  add(slot: number): void {
    while (slot >= this.#numbers) this.#widen();
    if ((this.#count + 1) * 4 > this.#table.length * 3) this.#grow();
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
    return this.#slotIn(this.#table[position] ?? empty);
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

  /** Each row has another number, none of them higher than its old one, and its old hash. */
  renumber(moved: (slot: number) => number): void {
    this.#table = this.#table.map((entry) =>
      entry === empty ? empty : this.#entry(entry, moved(this.#slotIn(entry))),
    );
  }

  // Where a hash begins in the table, whose length is a power of two.
  get #mask(): number {
    return this.#table.length - 1;
  }

  #slotIn(entry: number): number {
    return (entry & this.#numbers) - 1;
  }

  #entry(hash: number, slot: number): number {
    return (hash & ~this.#numbers) | (slot + 1);
  }

  #seek(hash: number, from: number): number {
    const mask = this.#mask;
    const hashes = ~this.#numbers;
    for (let position = from; ; position = (position + 1) & mask) {
      const entry = this.#table[position] ?? empty;
      if (entry === empty) return -1;
      if (((entry ^ hash) & hashes) === 0) return position;
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
    this.#table[position] = this.#entry(hash, slot);
  }

  // One more bit for row numbers is one less for hashes.
  #widen(): void {
    const wider = this.#numbers * 2 + 1;
    this.#table = this.#table.map((entry) => (entry & ~wider) | (entry & this.#numbers));
    this.#numbers = wider;
  }

  // In the order of the rows' numbers, so that their keys are read from front to back.
  #grow(): void {
    const slots = new Uint32Array(this.#count);
    let found = 0;
    for (const entry of this.#table) {
      if (entry === empty) continue;
      slots[found] = this.#slotIn(entry);
      found += 1;
    }
    this.#table = new Uint32Array(this.#table.length * 2);
    for (const slot of slots.sort()) this.#place(slot);
  }
}
