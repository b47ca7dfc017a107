/** A row's key, character by character: the code at a place, -1 past the end. */
export type CodeAt = (slot: number, place: number) => number;

/** Which of two rows of one key comes first: negative for the first. */
export type Tie = (a: number, b: number) => number;

// Below this many rows, inserting each in its place is quicker than parting them.
const few = 12;

/**
 * Row numbers in the order of a text key, ties in an order of their own: four bytes a row, keys read when compared.
 *
 * Built at once; kept in order by moving bytes on each later insert or removal.
 */
export class SortedRows {
  #slots: Uint32Array;
  #size: number;
  readonly #codeAt: CodeAt;
  readonly #tie: Tie;

  constructor(slots: Iterable<number>, codeAt: CodeAt, tie: Tie = (a, b) => a - b) {
    this.#codeAt = codeAt;
    this.#tie = tie;
    this.#slots = Uint32Array.from(slots);
    this.#size = this.#slots.length;
    this.#sort(0, this.#size, 0);
  }

  get size(): number {
    return this.#size;
  }

  at(position: number): number {
    return this.#slots[position] ?? -1;
  }

  /** The first position whose key is not less than this one. */
  lowerBound(key: string): number {
    return this.#search((slot) => this.#compareKey(slot, key) < 0);
  }

  /** Answers where the row now is. */
  insert(slot: number): number {
    const position = this.#positionOf(slot);
    if (this.#size === this.#slots.length) {
      const larger = new Uint32Array(Math.ceil(this.#size * 1.25) + 8);
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots.copyWithin(position + 1, position, this.#size);
    this.#slots[position] = slot;
    this.#size += 1;
    return position;
  }

  /** Takes out a row that is in, and answers where it was; its key must still be the one it was sorted by. */
  remove(slot: number): number {
    const position = this.#positionOf(slot);
    if (this.at(position) !== slot) throw new RangeError(`row ${slot} is not in its order`);
    this.#slots.copyWithin(position, position + 1, this.#size);
    this.#size -= 1;
    return position;
  }

  /** Each row has another number; of two rows the lower number stays with the same one. */
  renumber(moved: (slot: number) => number): void {
    for (let i = 0; i < this.#size; i += 1) this.#slots[i] = moved(this.at(i));
  }

  #positionOf(slot: number): number {
    return this.#search((other) => this.#compare(other, slot, 0) < 0);
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

  #compareKey(slot: number, key: string): number {
    for (let place = 0; ; place += 1) {
      const wanted = place < key.length ? key.charCodeAt(place) : -1;
      const difference = this.#codeAt(slot, place) - wanted;
      if (difference !== 0 || wanted < 0) return difference;
    }
  }

  /** Compares two rows that are equal up to a place. */
  #compare(a: number, b: number, from: number): number {
    for (let place = from; ; place += 1) {
      const code = this.#codeAt(a, place);
      const difference = code - this.#codeAt(b, place);
      if (difference !== 0) return difference;
      if (code < 0) return a === b ? 0 : this.#tie(a, b);
    }
  }

  // Multikey quicksort (Bentley and Sedgewick, 1997): parts by one character at a time, so that what keys have in common
  // is read once.
  #sort(from: number, to: number, place: number): void {
    let [start, end, depth] = [from, to, place];
    while (end - start > few) {
      const pivot = this.#codeAt(this.at((start + end) >>> 1), depth);
      const [less, more] = this.#part(start, end, depth, pivot);
      this.#sort(start, less, depth);
      this.#sort(more, end, depth);
      if (pivot < 0) {
        this.#slots.subarray(less, more).sort(this.#tie);
        return;
      }
      [start, end, depth] = [less, more, depth + 1];
    }
    this.#insertionSort(start, end, depth);
  }

  /** Moves what is less to the front and what is more to the back; answers where what is equal begins and ends. */
  #part(start: number, end: number, place: number, pivot: number): [number, number] {
    let [less, next, more] = [start, start, end];
    while (next < more) {
      const slot = this.at(next);
      const difference = this.#codeAt(slot, place) - pivot;
      if (difference < 0) {
        this.#slots[next] = this.at(less);
        this.#slots[less] = slot;
        less += 1;
        next += 1;
      } else if (difference > 0) {
        more -= 1;
        this.#slots[next] = this.at(more);
        this.#slots[more] = slot;
      } else next += 1;
    }
    return [less, more];
  }

  #insertionSort(start: number, end: number, place: number): void {
    for (let i = start + 1; i < end; i += 1) {
      const slot = this.at(i);
      let hole = i;
      for (; hole > start && this.#compare(this.at(hole - 1), slot, place) > 0; hole -= 1) {
        this.#slots[hole] = this.at(hole - 1);
      }
      this.#slots[hole] = slot;
    }
  }
}
