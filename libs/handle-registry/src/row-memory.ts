import { maxHandleLength, type PackedKey, wholeWords } from './packed-key.ts';

/** Where a row's numbers stand in it, in bytes. `next` and `previous` chain the rows of an org; `firstSeen` is a double. */
export const cell = { next: 0, previous: 4, org: 8, connection: 12, lengths: 16, firstSeen: 20 } as const;
const head = 28;
const wordBytes = 4;

const maxIdLength = 0x1ff;
const maxNameLength = 0x7fff;
const reclaimAbove = 1024 * 1024;
/** The org of a row that is no more. */
const nobody = 0xffff_ffff;

/** Where a row is since memory was reclaimed, by where it was. */
export type Moved = (slot: number) => number;

/**
 * All rows in one buffer, no object for any of them: numbers, handle, packed team id and name of a row side by side, each
 * beginning at a whole word, so that a look-up waits for memory once. The number of a row says where that is.
 *
 * Memory of removed rows is reclaimed once it is more than half of a buffer of some size, so that churn does not leak.
 */
export class RowMemory {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  #freed = 0;

  /** Changes with `add` and `reclaim`, as `view` does: do not keep it. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  get wantsReclaim(): boolean {
    return this.#freed > reclaimAbove && this.#freed * 2 > this.#end;
  }

  get(slot: number, which: number): number {
    return this.#view.getUint32(slot * wordBytes + which, true);
  }

  set(slot: number, which: number, value: number): void {
    this.#view.setUint32(slot * wordBytes + which, value, true);
  }

  firstSeenOf(slot: number): number {
    return this.#view.getFloat64(slot * wordBytes + cell.firstSeen, true);
  }

  setFirstSeen(slot: number, time: number): void {
    this.#view.setFloat64(slot * wordBytes + cell.firstSeen, time, true);
  }

  /** Throws RangeError for a text longer than any that the contracts allow. */
  add(org: number, connection: number, handle: PackedKey, id: PackedKey, name: string): number {
    const start = this.#end;
    const handleAt = start + head;
    const idAt = handleAt + wholeWords(handle.length);
    const nameAt = idAt + wholeWords(id.length);
    this.#makeRoom(nameAt + name.length * 3 + wordBytes);
    const nameLength = this.#bytes.write(name, nameAt);
    const lengths = packLengths(handle.length, id.length, nameLength);
    handle.copyTo(this.#view, handleAt);
    id.copyTo(this.#view, idAt);
    this.#end = nameAt + wholeWords(nameLength);
    const slot = start / wordBytes;
    this.set(slot, cell.org, org);
    this.set(slot, cell.connection, connection);
    this.set(slot, cell.lengths, lengths);
    return slot;
  }

  remove(slot: number): void {
    this.set(slot, cell.org, nobody);
    this.#freed += sizeOf(this.#view, slot * wordBytes);
  }

  handleLengthOf(slot: number): number {
    return this.get(slot, cell.lengths) >>> 24;
  }

  idLengthOf(slot: number): number {
    return (this.get(slot, cell.lengths) >>> 15) & maxIdLength;
  }

  nameLengthOf(slot: number): number {
    return this.get(slot, cell.lengths) & maxNameLength;
  }

  handleAt(slot: number): number {
    return slot * wordBytes + head;
  }

  idAt(slot: number): number {
    return this.handleAt(slot) + wholeWords(this.handleLengthOf(slot));
  }

  nameAt(slot: number): number {
    return this.idAt(slot) + wholeWords(this.idLengthOf(slot));
  }

  /** Moves the rows that are left together, in the order in which they stand; what chained them is as it was. */
  reclaim(): Moved {
    const [old, oldView, oldEnd] = [this.#bytes, this.#view, this.#end];
    this.#use(Buffer.allocUnsafeSlow(Math.ceil((oldEnd - this.#freed) * 1.25)));
    this.#end = 0;
    this.#freed = 0;
    for (let at = 0; at < oldEnd; at += sizeOf(oldView, at)) {
      if (oldView.getUint32(at + cell.org, true) === nobody) continue;
      const start = this.#end;
      this.#end += old.copy(this.#bytes, start, at, at + sizeOf(oldView, at));
      // The old row has no other use any more than to say where the new one is.
      oldView.setUint32(at + cell.next, start / wordBytes, true);
    }
    return (slot) => oldView.getUint32(slot * wordBytes + cell.next, true);
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const smaller = this.#bytes;
    this.#use(Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(smaller.length * 1.25))));
    smaller.copy(this.#bytes, 0, 0, this.#end);
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** How many bytes a row takes. */
function sizeOf(view: DataView, at: number): number {
  const lengths = view.getUint32(at + cell.lengths, true);
  return (
    head + wholeWords(lengths >>> 24) + wholeWords((lengths >>> 15) & maxIdLength) + wholeWords(lengths & maxNameLength)
  );
}

function packLengths(handle: number, id: number, name: number): number {
  if (handle <= maxHandleLength && id <= maxIdLength && name <= maxNameLength)
    return (handle << 24) | (id << 15) | name;
  throw new RangeError(`a handle of ${handle}, an id of ${id} and a name of ${name} bytes are too long for a row`);
}
