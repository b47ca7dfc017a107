/**
 * Row numbers in the order of a text key, ties in an order of their own: four bytes a row, keys read when compared.
 *
 * Built at once; kept in order by moving bytes on each later insert or removal.
 */
export class SortedRows {
  #slots = new Uint32Array(0);
  #size = 0;

  constructor(
    slots: Iterable<number>,
    private readonly keyOf: (slot: number) => string,
    private readonly tie: (a: number, b: number) => number = (a, b) => a - b,
  ) {
    const keyed = Array.from(slots, (slot) => ({ slot, key: keyOf(slot) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : tie(a.slot, b.slot)));
    this.#slots = Uint32Array.from(keyed, ({ slot }) => slot);
    this.#size = keyed.length;
  }

  get size(): number {
    return this.#size;
  }

  at(position: number): number {
    return this.#slots[position] ?? -1;
  }

  /** The first position whose key is not less than this one. */
  lowerBound(key: string): number {
    return this.#search((slot) => this.keyOf(slot) < key);
  }

  insert(slot: number): void {
    const position = this.#positionOf(slot);
    if (this.#size === this.#slots.length) {
      const larger = new Uint32Array(Math.ceil(this.#size * 1.25) + 8);
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots.copyWithin(position + 1, position, this.#size);
    this.#slots[position] = slot;
    this.#size += 1;
  }

  /** Takes out a row that is in; its key must still be the one it was sorted by. */
  remove(slot: number): void {
    const position = this.#positionOf(slot);
    if (this.at(position) !== slot) throw new RangeError(`row ${slot} is not in its order`);
    this.#slots.copyWithin(position, position + 1, this.#size);
    this.#size -= 1;
  }

  #positionOf(slot: number): number {
    const key = this.keyOf(slot);
    return this.#search((other) => {
      const otherKey = this.keyOf(other);
      return otherKey < key || (otherKey === key && this.tie(other, slot) < 0);
    });
  }

  #search(isBefore: (slot: number) => boolean): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.at(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
