// A larger buffer is allocated with the whole limit at once: unwritten pages take no memory, but another copy would.
const maxDoubledBytes = 16 * 1024 * 1024;

/** Collects bytes in one buffer that grows up to `maxBytes`. */
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

  /** A view of the bytes so far. */
  get bytes(): Buffer {
    return this.buffer.subarray(0, this.used);
  }

  /** Appends as many bytes as fit. */
  write(piece: Buffer): void {
    this.makeRoom(piece.length);
    this.used += piece.copy(this.buffer, this.used);
  }

  private makeRoom(more: number): void {
    const needed = Math.min(this.maxBytes, this.used + more);
    if (needed <= this.buffer.length) return;
    const size =
      needed > maxDoubledBytes ? this.maxBytes : Math.min(this.maxBytes, Math.max(needed, 2 * this.buffer.length));
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
