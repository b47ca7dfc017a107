import type { HeaderValue } from '../../record.ts';
import type { ByteWriter } from './byte-writer.ts';

type Headers = Readonly<Record<string, HeaderValue>>;

/**
 * Writes the headers of records into one buffer. Events of one kind begin with the same headers: those that a record shares
 * with the one before are copied in one piece.
 */
export class HeaderWriter {
  readonly #to: ByteWriter;
  readonly #names: string[] = [];
  readonly #values: HeaderValue[] = [];
  /** The start of the last headers, and the end of each, relative to it. */
  #start = 0;
  readonly #ends: number[] = [];

  constructor(to: ByteWriter) {
    this.#to = to;
  }

  write(headers: Headers): void {
    const to = this.#to;
    const names = Object.keys(headers);
    to.varint(countOf(headers, names));
    const start = to.length;
    const common = this.#commonWith(headers, names);
    if (common > 0) to.repeat(this.#start, this.#start + this.#endOf(common));
    for (let i = common; i < names.length; i++) {
      const name = names[i] as string;
      const value = headers[name];
      this.#writeOne(name, value);
      this.#names[i] = name;
      this.#values[i] = value;
      this.#ends[i] = to.length - start;
    }
    this.#names.length = names.length;
  }

  /** To be called when the record is complete and in its final position, with the headers at its end. */
  written(): void {
    this.#start = this.#to.length - this.#endOf(this.#names.length);
  }

  #endOf(count: number): number {
    return count === 0 ? 0 : (this.#ends[count - 1] as number);
  }

  #commonWith(headers: Headers, names: readonly string[]): number {
    const most = Math.min(names.length, this.#names.length);
    let common = 0;
    for (; common < most; common++) {
      const name = names[common] as string;
      if (name !== this.#names[common] || headers[name] !== this.#values[common]) break;
    }
    return common;
  }

  #writeOne(name: string, value: HeaderValue): void {
    if (!Array.isArray(value)) {
      this.#to.varintBytes(name);
      this.#to.varintBytes(value ?? '');
      return;
    }
    for (const each of value) this.#writeOne(name, each);
  }
}

function countOf(headers: Headers, names: readonly string[]): number {
  let count = 0;
  for (const name of names) {
    const value = headers[name];
    count += Array.isArray(value) ? value.length : 1;
  }
  return count;
}
