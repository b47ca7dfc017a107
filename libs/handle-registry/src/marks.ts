import type { HandleRows } from './handle-rows.ts';
import { lettersOfBytes, pairsOfBytes } from './letters.ts';
import type { SortedRows } from './sorted-rows.ts';

/**
 * The letters, and the pairs of neighbouring letters, of each handle in an order: eight bytes a row.
 *
 * A search for what is within a handle reads them from front to back, and of a hundred thousand handles the text of some
 * hundred.
 */
export class Marks {
  readonly #rows: HandleRows;
  readonly #order: SortedRows;
  #letters: Uint32Array;
  #pairs: Uint32Array;

  /** To be told of every later insertion into and removal from the order. */
  constructor(rows: HandleRows, order: SortedRows) {
    this.#rows = rows;
    this.#order = order;
    this.#letters = Uint32Array.from({ length: order.size }, (_, position) => rows.lettersOf(order.at(position)));
    this.#pairs = Uint32Array.from({ length: order.size }, (_, position) => rows.pairsOf(order.at(position)));
  }

  insert(position: number, slot: number): void {
    const { size } = this.#order;
    if (size > this.#letters.length) this.#grow(Math.ceil(size * 1.25) + 8);
    this.#letters.copyWithin(position + 1, position, size - 1);
    this.#letters[position] = this.#rows.lettersOf(slot);
    this.#pairs.copyWithin(position + 1, position, size - 1);
    this.#pairs[position] = this.#rows.pairsOf(slot);
  }

  remove(position: number): void {
    const { size } = this.#order;
    this.#letters.copyWithin(position, position + 1, size + 1);
    this.#pairs.copyWithin(position, position + 1, size + 1);
  }

  /** The rows, in order, that have all letters and all pairs of a text: every row that contains it, and few others. */
  *likely(text: string): Generator<number> {
    const bytes = Buffer.from(text, 'latin1');
    const letters = lettersOfBytes(bytes, 0, bytes.length);
    const pairs = pairsOfBytes(bytes, 0, bytes.length);
    for (let i = 0; i < this.#order.size; i += 1) {
      if ((letters & ~(this.#letters[i] ?? 0)) === 0 && (pairs & ~(this.#pairs[i] ?? 0)) === 0) yield this.#order.at(i);
    }
  }

  #grow(capacity: number): void {
    const [letters, pairs] = [new Uint32Array(capacity), new Uint32Array(capacity)];
    letters.set(this.#letters);
    pairs.set(this.#pairs);
    this.#letters = letters;
    this.#pairs = pairs;
  }
}
