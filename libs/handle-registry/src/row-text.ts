const parts = 3;
const reclaimAbove = 1024 * 1024;

/**
 * The text of all rows in one buffer: each row's three parts one after the other, no string object for any of them.
 *
 * Text of removed rows is reclaimed once it is more than half of a buffer of some size, so that churn does not leak.
 */
export class RowText {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #end = 0;
  #freed = 0;
  #at = new Uint32Array(64);
  #lengths = new Uint16Array(64 * parts);

  /** Changes with growth: do not keep it. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  get bytes(): number {
    return this.#bytes.length + this.#at.byteLength + this.#lengths.byteLength;
  }

  start(slot: number): number {
    return this.#at[slot] ?? 0;
  }

  /** Where part 0, 1 or 2 of a row ends; each part begins where the one before it ends. */
  end(slot: number, part: 0 | 1 | 2): number {
    let end = this.start(slot);
    for (let i = 0; i <= part; i += 1) end += this.#lengths[slot * parts + i] ?? 0;
    return end;
  }

  write(slot: number, row: readonly [Buffer, Buffer, Buffer]): void {
    const needed = this.#end + row[0].length + row[1].length + row[2].length;
    if (needed > this.#bytes.length) this.#grow(needed);
    if (slot >= this.#at.length) this.#growColumns(Math.ceil(slot * 1.5));
    this.#at[slot] = this.#end;
    row.forEach((part, i) => {
      part.copy(this.#bytes, this.#end);
      this.#lengths[slot * parts + i] = part.length;
      this.#end += part.length;
    });
  }

  free(slot: number): void {
    this.#freed += this.end(slot, 2) - this.start(slot);
    this.#at[slot] = 0;
    this.#lengths.fill(0, slot * parts, slot * parts + parts);
    if (this.#freed > reclaimAbove && this.#freed * 2 > this.#end) this.#reclaim();
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }

  #growColumns(capacity: number): void {
    const at = new Uint32Array(capacity);
    at.set(this.#at);
    const lengths = new Uint16Array(capacity * parts);
    lengths.set(this.#lengths);
    this.#at = at;
    this.#lengths = lengths;
  }

  #reclaim(): void {
    const old = this.#bytes;
    this.#bytes = Buffer.allocUnsafeSlow(Math.ceil((this.#end - this.#freed) * 1.25));
    this.#end = 0;
    this.#freed = 0;
    for (let slot = 0; slot < this.#at.length; slot += 1) {
      const copied = old.copy(this.#bytes, this.#end, this.start(slot), this.end(slot, 2));
      this.#at[slot] = this.#end;
      this.#end += copied;
    }
  }
}
