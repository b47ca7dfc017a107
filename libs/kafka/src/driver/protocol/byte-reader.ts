import type { ConsumedHeaders, ConsumedHeaderValue } from '../../record.ts';

/** The last header names by position, which are mostly the same from record to record. */
const names: { readonly bytes: Buffer; readonly text: string }[] = [];

/**
 * Reads numbers and blocks one after the other. Beyond the end of the bytes, varints read as zeros and numbers of fixed
 * length throw RangeError. A caller that reads untrusted bytes must compare `at` with the expected position.
 */
export class ByteReader {
  constructor(
    readonly bytes: Buffer,
    public at: number,
  ) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  /** Reads a number that is exact below 2^53, as offsets, times and ids are. */
  int64(): number {
    const high = this.int32();
    return high * 2 ** 32 + (this.int32() >>> 0);
  }

  text(): string {
    const length = Math.max(0, this.int16());
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  /** Reads a zigzag varint of at most ten bytes, the length of 64 bits. */
  varint(): number {
    const first = this.bytes[this.at++] ?? 0;
    if (first < 128) return (first >>> 1) ^ -(first & 1);
    let value = first & 127;
    let factor = 128;
    for (let byte = 128; byte >= 128 && factor < 2 ** 70; factor *= 128) {
      byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  block(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skipBlock(): void {
    const length = this.varint();
    this.at += Math.max(0, length);
  }

  /** Skips key, value and headers of a record; returns the number of headers, or -1 if they do not end at `end`. */
  skipContent(end: number): number {
    this.skipBlock();
    this.skipBlock();
    const count = this.varint();
    let read = 0;
    for (; read < count && this.at < end; read += 1) {
      const length = this.varint();
      if (length < 0) return -1;
      this.at += length;
      this.skipBlock();
    }
    return this.at === end && read === count ? count : -1;
  }

  headers(): ConsumedHeaders {
    const headers: Record<string, ConsumedHeaderValue> = {};
    const count = this.varint();
    for (let i = 0; i < count; i += 1) {
      const name = this.headerName(i);
      const value = this.block();
      const former = Object.hasOwn(headers, name) ? headers[name] : undefined;
      if (former === undefined) set(headers, name, value);
      else if (Array.isArray(former)) (former as (Buffer | null)[]).push(value);
      else set(headers, name, [former as Buffer | null, value]);
    }
    return headers;
  }

  private headerName(index: number): string {
    const length = this.varint();
    const start = this.at;
    this.at += length;
    const known = names[index];
    if (known && known.bytes.length === length && known.bytes.compare(this.bytes, start, this.at) === 0)
      return known.text;
    const text = this.bytes.toString('utf8', start, this.at);
    if (index < 32 && length < 64) names[index] = { text, bytes: Buffer.from(this.bytes.subarray(start, this.at)) };
    return text;
  }
}

// Producers choose the names, and an assignment to `__proto__` would set no header.
function set(headers: Record<string, ConsumedHeaderValue>, name: string, value: ConsumedHeaderValue): void {
  if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, writable: true });
  else headers[name] = value;
}
