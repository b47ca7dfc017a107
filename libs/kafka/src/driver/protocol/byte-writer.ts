const int32 = 4;
const maxVarintBytes = 5;

/** Writes values one after the other into a buffer that grows; Kafka's integers are big-endian, its varints zigzag. */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#at;
  }

  /** A view of the bytes so far; later writes may change them. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  int8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  int16(value: number): void {
    this.#reserve(int32);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#reserve(int32);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#reserve(2 * int32);
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at);
  }

  /** Leaves room for an int32 that `fill` writes later; returns its position. */
  gap(): number {
    this.#reserve(int32);
    this.#at += int32;
    return this.#at - int32;
  }

  fill(gap: number, value: number): void {
    this.#bytes.writeUInt32BE(value >>> 0, gap);
  }

  varint(value: number): void {
    this.#reserve(maxVarintBytes);
    this.#at = putVarint(this.#bytes, this.#at, value);
  }

  /** Writes the length as int16 and the text in UTF-8; null as the length -1. */
  string(text: string | null): void {
    if (text === null) {
      this.int16(-1);
      return;
    }
    this.int16(Buffer.byteLength(text));
    this.#utf8(text);
  }

  /** Writes the length as varint and the bytes, text in UTF-8; null as the length -1. */
  varintBytes(value: Buffer | string | null): void {
    if (value === null) {
      this.varint(-1);
    } else if (typeof value === 'string') {
      const start = this.open();
      this.#utf8(value);
      this.close(start);
    } else {
      this.varint(value.length);
      this.bytes(value);
    }
  }

  bytes(value: Buffer): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins a part that has its length before it, as a varint; returns the argument of `close`. */
  open(): number {
    // Nearly all parts need two bytes for their length; `close` moves the others.
    this.#reserve(2);
    this.#at += 2;
    return this.#at;
  }

  close(start: number): void {
    const size = this.#at - start;
    const needed = sizeOfVarint(size);
    if (needed !== 2) {
      this.#reserve(maxVarintBytes);
      this.#bytes.copyWithin(start - 2 + needed, start, this.#at);
      this.#at += needed - 2;
    }
    putVarint(this.#bytes, start - 2, size);
  }

  #utf8(text: string): void {
    // UTF-8 needs at most three bytes for each UTF-16 unit.
    this.#reserve(text.length * 3);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + length, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

function putVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = ((value << 1) ^ (value >> 31)) >>> 0; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}
