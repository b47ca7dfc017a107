import { hashOfBytes, hashOfText } from './hash.ts';
import { lettersOfBytes, pairsOfBytes } from './letters.ts';
import { cell, RowCells } from './row-cells.ts';
import { RowText } from './row-text.ts';
import { SlotIndex } from './slot-index.ts';
import { maxPackedLength, packTeamId, unpackTeamId } from './team-id.ts';

/** A row to add: org and connection by their numbers. */
export interface NewRow {
  readonly org: number;
  readonly connection: number;
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

const none = 0xffff_ffff;
const maxHandleLength = 0xff;
const maxIdLength = 0x1ff;
const maxNameLength = 0x7fff;

/**
 * Every handle of every org as one row: about 100 bytes each, where objects in maps take eight times that.
 *
 * A row's text is handle (Latin-1, its grammar is ASCII), packed team id, name; their lengths share one cell. A row is
 * found by (org, handle), by (connection, team id), or by walking its org. Rows never change: a changed handle is a new
 * row. Numbers are reused.
 */
export class HandleRows {
  readonly #cells = new RowCells();
  readonly #text = new RowText();
  readonly #byHandle = new SlotIndex((slot) => this.#hashOfHandle(slot));
  readonly #byTeam = new SlotIndex((slot) => this.#hashOfTeam(slot));
  /** The first row of each org. */
  readonly #first: number[] = [];
  #sought = Buffer.allocUnsafeSlow(256);

  get size(): number {
    return this.#cells.size;
  }

  get bytes(): number {
    return this.#cells.bytes + this.#text.bytes + this.#byHandle.bytes + this.#byTeam.bytes;
  }

  /** Throws RangeError for a text longer than any that the contracts allow. */
  add({ org, connection, teamId, teamHandle, teamName }: NewRow): number {
    const start = this.#text.reserve(teamHandle.length + maxPackedLength(teamId) + teamName.length * 3);
    const bytes = this.#text.buffer;
    const handleEnd = start + teamHandle.length;
    for (let i = 0; i < teamHandle.length; i += 1) bytes[start + i] = teamHandle.charCodeAt(i);
    const idEnd = packTeamId(teamId, bytes, handleEnd);
    const end = idEnd + bytes.write(teamName, idEnd);
    const lengths = packLengths(handleEnd - start, idEnd - handleEnd, end - idEnd);
    this.#text.keep(end);
    const slot = this.#cells.take();
    this.#cells.set(slot, cell.org, org);
    this.#cells.set(slot, cell.connection, connection);
    this.#cells.set(slot, cell.text, start);
    this.#cells.set(slot, cell.lengths, lengths);
    this.#link(slot, org);
    this.#byHandle.add(slot);
    this.#byTeam.add(slot);
    return slot;
  }

  remove(slot: number): void {
    this.#byHandle.remove(slot);
    this.#byTeam.remove(slot);
    this.#unlink(slot);
    this.#text.free(this.#end(slot) - this.#start(slot));
    this.#cells.set(slot, cell.lengths, 0);
    this.#cells.give(slot);
    if (this.#text.wantsReclaim) this.#reclaim();
  }

  /** The row of a team of a connection, -1 for none. */
  findTeam(connection: number, teamId: string): number {
    const wanted = maxPackedLength(teamId);
    if (wanted > this.#sought.length) this.#sought = Buffer.allocUnsafeSlow(wanted);
    const id = this.#sought;
    const length = packTeamId(teamId, id, 0);
    const index = this.#byTeam;
    const hash = hashOfBytes(connection, id, 0, length);
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.connectionOf(slot) === connection && this.#hasId(slot, id, length)) return slot;
    }
    return -1;
  }

  /** Calls `visit` with every row of an org that has this handle, in no particular order. */
  withHandle(org: number, handle: string, visit: (slot: number) => void): void {
    const index = this.#byHandle;
    const hash = hashOfText(org, handle);
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.orgOf(slot) === org && this.#hasHandle(slot, handle)) visit(slot);
    }
  }

  /** The row of an org that has this handle, -1 unless there is exactly one. */
  onlyWithHandle(org: number, handle: string): number {
    const index = this.#byHandle;
    const hash = hashOfText(org, handle);
    let found = -1;
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.orgOf(slot) !== org || !this.#hasHandle(slot, handle)) continue;
      if (found >= 0) return -1;
      found = slot;
    }
    return found;
  }

  *ofOrg(org: number): Generator<number> {
    for (let slot = this.#first[org] ?? none; slot !== none; slot = this.#cells.get(slot, cell.next)) yield slot;
  }

  orgOf(slot: number): number {
    return this.#cells.get(slot, cell.org);
  }

  connectionOf(slot: number): number {
    return this.#cells.get(slot, cell.connection);
  }

  handleLengthOf(slot: number): number {
    return this.#cells.get(slot, cell.lengths) >>> 24;
  }

  /** A character of a handle, counted from its beginning; -1 past its end. */
  readonly codeAt = (slot: number, place: number): number =>
    place < this.handleLengthOf(slot) ? (this.#text.buffer[this.#start(slot) + place] ?? -1) : -1;

  /** A character of a handle, counted from its end; -1 past its beginning. */
  readonly codeFromEnd = (slot: number, place: number): number =>
    place < this.handleLengthOf(slot) ? (this.#text.buffer[this.#handleEnd(slot) - 1 - place] ?? -1) : -1;

  lettersOf(slot: number): number {
    return lettersOfBytes(this.#text.buffer, this.#start(slot), this.#handleEnd(slot));
  }

  pairsOf(slot: number): number {
    return pairsOfBytes(this.#text.buffer, this.#start(slot), this.#handleEnd(slot));
  }

  handleOf(slot: number): string {
    const start = this.#start(slot);
    return this.#text.buffer.toString('latin1', start, start + this.handleLengthOf(slot));
  }

  teamIdOf(slot: number): string {
    return unpackTeamId(this.#text.buffer, this.#handleEnd(slot), this.#idEnd(slot));
  }

  teamNameOf(slot: number): string {
    return this.#text.buffer.toString('utf8', this.#idEnd(slot), this.#end(slot));
  }

  #hasHandle(slot: number, handle: string): boolean {
    if (this.handleLengthOf(slot) !== handle.length) return false;
    const start = this.#start(slot);
    const bytes = this.#text.buffer;
    for (let i = 0; i < handle.length; i += 1) if (bytes[start + i] !== handle.charCodeAt(i)) return false;
    return true;
  }

  #hasId(slot: number, id: Buffer, length: number): boolean {
    const start = this.#handleEnd(slot);
    if (this.#idEnd(slot) - start !== length) return false;
    const bytes = this.#text.buffer;
    for (let i = 0; i < length; i += 1) if (bytes[start + i] !== id[i]) return false;
    return true;
  }

  #start(slot: number): number {
    return this.#cells.get(slot, cell.text);
  }

  #handleEnd(slot: number): number {
    return this.#start(slot) + this.handleLengthOf(slot);
  }

  #idEnd(slot: number): number {
    return this.#handleEnd(slot) + ((this.#cells.get(slot, cell.lengths) >>> 15) & maxIdLength);
  }

  #end(slot: number): number {
    return this.#idEnd(slot) + (this.#cells.get(slot, cell.lengths) & maxNameLength);
  }

  #hashOfHandle(slot: number): number {
    return hashOfBytes(this.orgOf(slot), this.#text.buffer, this.#start(slot), this.#handleEnd(slot));
  }

  #hashOfTeam(slot: number): number {
    return hashOfBytes(this.connectionOf(slot), this.#text.buffer, this.#handleEnd(slot), this.#idEnd(slot));
  }

  #link(slot: number, org: number): void {
    const first = this.#first[org] ?? none;
    this.#cells.set(slot, cell.next, first);
    this.#cells.set(slot, cell.previous, none);
    if (first !== none) this.#cells.set(first, cell.previous, slot);
    this.#first[org] = slot;
  }

  #unlink(slot: number): void {
    const next = this.#cells.get(slot, cell.next);
    const previous = this.#cells.get(slot, cell.previous);
    if (next !== none) this.#cells.set(next, cell.previous, previous);
    if (previous !== none) this.#cells.set(previous, cell.next, next);
    else this.#first[this.orgOf(slot)] = next;
  }

  #reclaim(): void {
    this.#text.reclaim((move) => {
      for (let slot = 0; slot < this.#cells.end; slot += 1) {
        const start = this.#start(slot);
        const length = this.#end(slot) - start;
        if (length > 0) this.#cells.set(slot, cell.text, move(start, length));
      }
    });
  }
}

function packLengths(handle: number, id: number, name: number): number {
  if (handle <= maxHandleLength && id <= maxIdLength && name <= maxNameLength)
    return (handle << 24) | (id << 15) | name;
  throw new RangeError(`a handle of ${handle}, an id of ${id} and a name of ${name} bytes are too long for a row`);
}
