import type { HeaderValue } from '../../record.ts';
import type { ByteWriter } from './byte-writer.ts';

type Headers = Readonly<Record<string, HeaderValue>>;

/**
 * Writes the headers of records into one buffer. Events of one kind begin with the same headers, so those that a record
 * shares with the previous record are copied in one piece.
 */
export class HeaderWriter {
  readonly #writer: ByteWriter;
  readonly #names: string[] = [];
  readonly #values: HeaderValue[] = [];
  /** The start of the headers of the previous record, and the end of each relative to it. */
  #start = 0;
  readonly #ends: number[] = [];

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  write(headers: Headers): void {
    const writer = this.#writer;
    let [size, count, common] = [0, 0, 0];
    for (const name in headers) {
      const value = headers[name];
      count += Array.isArray(value) ? value.length : 1;
      if (common === size && name === this.#names[size] && value === this.#values[size]) common += 1;
      this.#names[size] = name;
      this.#values[size] = value;
      size += 1;
    }
    this.#names.length = size;
    writer.varint(count);
    const start = writer.length;
    if (common > 0) writer.repeat(this.#start, this.#start + this.#endOf(common));
    for (let i = common; i < size; i++) {
      this.#writeOne(this.#names[i] as string, this.#values[i]);
      this.#ends[i] = writer.length - start;
    }
  }

  /** Must be called when the record is complete and in its final position, with the headers at its end. */
  written(): void {
    this.#start = this.#writer.length - this.#endOf(this.#names.length);
  }

  #endOf(count: number): number {
    return count === 0 ? 0 : (this.#ends[count - 1] as number);
  }

  #writeOne(name: string, value: HeaderValue): void {
    if (!Array.isArray(value)) {
      this.#writer.varintBytes(name);
      this.#writer.varintBytes(value ?? '');
      return;
    }
    for (const each of value) this.#writeOne(name, each);
  }
}
