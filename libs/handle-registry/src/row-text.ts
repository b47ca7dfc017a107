const reclaimAbove = 1024 * 1024;

/**
 * The text of all rows in one buffer, no string object for any of them.
 *
 * Text of removed rows is reclaimed once it is more than half of a buffer of some size, so that churn does not leak.
 */
export class RowText {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #end = 0;
  #freed = 0;

  /** Changes with `reserve` and `reclaim`: do not keep it. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  get wantsReclaim(): boolean {
    return this.#freed > reclaimAbove && this.#freed * 2 > this.#end;
  }

  /** Makes room for this many bytes and answers where they begin; `keep` says how far they were used. */
  reserve(length: number): number {
    const needed = this.#end + length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#bytes.length * 1.25)));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    return this.#end;
  }

  keep(end: number): void {
    this.#end = end;
  }

  free(length: number): void {
    this.#freed += length;
  }

  /** Moves what is still wanted together; `pieces` is told where each piece now begins. */
  reclaim(pieces: (move: (start: number, length: number) => number) => void): void {
    const old = this.#bytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.ceil((this.#end - this.#freed) * 1.25));
    this.#end = 0;
    this.#freed = 0;
    pieces((start, length) => {
      const moved = this.#end;
      this.#end += old.copy(this.#bytes, moved, start, start + length);
      return moved;
    });
  }
}
