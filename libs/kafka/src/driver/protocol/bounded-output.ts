// Beyond this, all that there may be is allocated at once: what is not written to takes no memory, and a copy would.
const doubledUpTo = 16 * 1024 * 1024;

/** Bytes that come piece by piece, kept in one buffer that grows to `maxBytes` and no further. */
export class BoundedOutput {
  private buffer: Buffer;
  private used = 0;

  constructor(
    readonly maxBytes: number,
    expectedBytes: number,
  ) {
    this.buffer = Buffer.allocUnsafeSlow(Math.min(maxBytes, expectedBytes));
  }

  get length(): number {
    return this.used;
  }

  get isFull(): boolean {
    return this.used >= this.maxBytes;
  }

  /** What is there now; written to later on. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.used);
  }

  /** Keeps what there is room for. */
  write(piece: Buffer): void {
    this.makeRoom(piece.length);
    this.used += piece.copy(this.buffer, this.used);
  }

  /** Writes again what was written `distance` bytes ago, as often as it takes; the distance lies within what is there. */
  repeat(distance: number, length: number): void {
    this.makeRoom(length);
    const end = Math.min(this.used + length, this.maxBytes);
    const { buffer } = this;
    for (let at = this.used; at < end; at += 1) buffer[at] = buffer[at - distance] as number;
    this.used = end;
  }

  private makeRoom(more: number): void {
    const needed = Math.min(this.maxBytes, this.used + more);
    if (needed <= this.buffer.length) return;
    const size =
      needed > doubledUpTo ? this.maxBytes : Math.min(this.maxBytes, Math.max(needed, 2 * this.buffer.length));
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
