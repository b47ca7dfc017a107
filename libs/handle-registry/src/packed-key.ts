import { hashOfWords } from './hash.ts';
import { maxPackedLength, packTeamId } from './team-id.ts';

export const maxHandleLength = 0xff;
const lastOfLatin1 = 0xff;
const wordBytes = 4;

/** The bytes that a text takes when its last word is filled up. */
export const wholeWords = (length: number): number => (length + wordBytes - 1) & -wordBytes;

/**
 * A handle or a team id as it stands in a row: bytes, the last word filled up with zeros.
 *
 * Hashed and compared by words of four bytes, so that a look-up reads each character of a mention once. Meant to be used
 * again for each question: to make one costs more than to look it up.
 */
export class PackedKey {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #packedId: string | undefined;

  /** How many bytes the text takes, without what fills its last word. */
  get length(): number {
    return this.#length;
  }

  /** False for a text that no row can have as its handle: too long, or not Latin-1; their grammar is ASCII. */
  packHandle(handle: string): boolean {
    const { length } = handle;
    if (length > maxHandleLength) return false;
    this.#packedId = undefined;
    const bytes = this.#bytes;
    let codes = 0;
    for (let i = 0; i < length; i += 1) {
      const code = handle.charCodeAt(i);
      codes |= code;
      bytes[i] = code;
    }
    this.#endAt(length);
    return codes <= lastOfLatin1;
  }

  packTeamId(id: string): void {
    // A team is looked for before it is added.
    if (id === this.#packedId) return;
    this.#packedId = id;
    const needed = maxPackedLength(id) + wordBytes;
    if (needed > this.#bytes.length) this.#use(Buffer.allocUnsafeSlow(needed));
    this.#endAt(packTeamId(id, this.#bytes, 0));
  }

  hash(seed: number): number {
    return hashOfWords(seed, this.#view, 0, wholeWords(this.#length));
  }

  /** Whether the same words stand at a place of some memory. */
  isAt(view: DataView, place: number): boolean {
    const end = wholeWords(this.#length);
    for (let at = 0; at < end; at += wordBytes) {
      if (view.getUint32(place + at, true) !== this.#view.getUint32(at, true)) return false;
    }
    return true;
  }

  /** To a place that has room for its whole words. */
  copyTo(view: DataView, place: number): void {
    const end = wholeWords(this.#length);
    for (let at = 0; at < end; at += wordBytes) view.setUint32(place + at, this.#view.getUint32(at, true), true);
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  #endAt(length: number): void {
    this.#length = length;
    this.#view.setUint32(length, 0, true);
  }
}
