/** What a row is made of: six numbers. `text` is where its text begins, `next` and `previous` chain the rows of an org. */
export const cell = { org: 0, connection: 1, text: 2, lengths: 3, next: 4, previous: 5 } as const;
const width = 6;

/** The rows' numbers side by side, so that a look at one row touches one line of memory. Row numbers are used again. */
export class RowCells {
  readonly #free: number[] = [];
  #cells = new Uint32Array(64 * width);
  #used = 0;

  /** How many rows there are. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** One more than the highest row number that was ever given. */
  get end(): number {
    return this.#used;
  }

  get bytes(): number {
    return this.#cells.byteLength;
  }

  /** The number of a new row, whose cells hold what is left there. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if ((this.#used + 1) * width > this.#cells.length) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  get(slot: number, which: number): number {
    return this.#cells[slot * width + which] ?? 0;
  }

  set(slot: number, which: number, value: number): void {
    this.#cells[slot * width + which] = value;
  }

  #grow(): void {
    const larger = new Uint32Array(Math.ceil(this.#used * 1.25) * width);
    larger.set(this.#cells);
    this.#cells = larger;
  }
}
