import { hashOfWords } from './hash.ts';
import { lettersOfBytes, pairsOfBytes } from './letters.ts';
import { OrgChains } from './org-chains.ts';
import { PackedKey, wholeWords } from './packed-key.ts';
import { cell, type Moved, RowMemory } from './row-memory.ts';
import { SlotIndex } from './slot-index.ts';
import { unpackTeamId } from './team-id.ts';

/** A row to add: org and connection by their numbers. */
export interface NewRow {
  readonly org: number;
  readonly connection: number;
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
  /** In milliseconds since the epoch. */
  readonly firstSeen: number;
}

/**
 * Every handle of every org as one row: about 100 bytes each, where objects in maps take eight times that.
 *
 * A row is found by (org, handle), by (connection, team id), or by walking its org. Rows never change: a changed handle is
 * a new row. A row keeps its number until `reclaim`.
 */
export class HandleRows {
  readonly #memory = new RowMemory();
  readonly #byHandle = new SlotIndex((slot) => this.#hashOfHandle(slot));
  readonly #byTeam = new SlotIndex((slot) => this.#hashOfTeam(slot));
  readonly #chains = new OrgChains(this.#memory);
  readonly #handle = new PackedKey();
  readonly #teamId = new PackedKey();

  get size(): number {
    return this.#byTeam.size;
  }

  get bytes(): number {
    return this.#memory.bytes.length + this.#byHandle.bytes + this.#byTeam.bytes;
  }

  get wantsReclaim(): boolean {
    return this.#memory.wantsReclaim;
  }

  /** Throws RangeError for what the contracts do not allow: a text that is too long, a handle that is not Latin-1. */
  add({ org, connection, teamId, teamHandle, teamName, firstSeen }: NewRow): number {
    if (!this.#handle.packHandle(teamHandle)) throw new RangeError(`${teamHandle} cannot be a handle`);
    this.#teamId.packTeamId(teamId);
    const slot = this.#memory.add(org, connection, this.#handle, this.#teamId, teamName);
    this.#memory.setFirstSeen(slot, firstSeen);
    this.#chains.link(slot, org);
    this.#byHandle.add(slot);
    this.#byTeam.add(slot);
    return slot;
  }

  remove(slot: number): void {
    this.#byHandle.remove(slot);
    this.#byTeam.remove(slot);
    this.#chains.unlink(slot);
    this.#memory.remove(slot);
  }

  /** Gives back the memory of removed rows. The others have new numbers then, in the same order. */
  reclaim(): Moved {
    const moved = this.#memory.reclaim();
    this.#byHandle.renumber(moved);
    this.#byTeam.renumber(moved);
    this.#chains.renumber(moved);
    return moved;
  }

  /** The row of a team of a connection, -1 for none. */
  findTeam(connection: number, teamId: string): number {
    const wanted = this.#teamId;
    wanted.packTeamId(teamId);
    const index = this.#byTeam;
    const hash = wanted.hash(connection);
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.connectionOf(slot) === connection && this.#hasTeamId(slot, wanted)) return slot;
    }
    return -1;
  }

  /** The rows of an org that have this handle, in no particular order. */
  withHandle(org: number, handle: string): number[] {
    const wanted = this.#handle;
    if (!wanted.packHandle(handle)) return [];
    const found: number[] = [];
    const index = this.#byHandle;
    const hash = wanted.hash(org);
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.orgOf(slot) === org && this.#hasHandle(slot, wanted)) found.push(slot);
    }
    return found;
  }

  /** The row of an org that has this handle, -1 unless there is exactly one. */
  onlyWithHandle(org: number, handle: string): number {
    const wanted = this.#handle;
    if (!wanted.packHandle(handle)) return -1;
    const index = this.#byHandle;
    const hash = wanted.hash(org);
    let found = -1;
    for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
      const slot = index.at(p);
      if (this.orgOf(slot) !== org || !this.#hasHandle(slot, wanted)) continue;
      if (found >= 0) return -1;
      found = slot;
    }
    return found;
  }

  ofOrg(org: number): Iterable<number> {
    return this.#chains.rowsOf(org);
  }

  orgOf(slot: number): number {
    return this.#memory.get(slot, cell.org);
  }

  connectionOf(slot: number): number {
    return this.#memory.get(slot, cell.connection);
  }

  firstSeenOf(slot: number): number {
    return this.#memory.firstSeenOf(slot);
  }

  handleLengthOf(slot: number): number {
    return this.#memory.handleLengthOf(slot);
  }

  /** A character of a handle, counted from its beginning; -1 past its end. */
  readonly codeAt = (slot: number, place: number): number =>
    place < this.handleLengthOf(slot) ? (this.#memory.bytes[this.#memory.handleAt(slot) + place] ?? -1) : -1;

  /** A character of a handle, counted from its end; -1 past its beginning. */
  readonly codeFromEnd = (slot: number, place: number): number =>
    place < this.handleLengthOf(slot) ? (this.#memory.bytes[this.#handleEnd(slot) - 1 - place] ?? -1) : -1;

  lettersOf(slot: number): number {
    return lettersOfBytes(this.#memory.bytes, this.#memory.handleAt(slot), this.#handleEnd(slot));
  }

  pairsOf(slot: number): number {
    return pairsOfBytes(this.#memory.bytes, this.#memory.handleAt(slot), this.#handleEnd(slot));
  }

  handleOf(slot: number): string {
    return this.#memory.bytes.toString('latin1', this.#memory.handleAt(slot), this.#handleEnd(slot));
  }

  teamIdOf(slot: number): string {
    const start = this.#memory.idAt(slot);
    return unpackTeamId(this.#memory.view, start, start + this.#memory.idLengthOf(slot));
  }

  teamNameOf(slot: number): string {
    const start = this.#memory.nameAt(slot);
    return this.#memory.bytes.toString('utf8', start, start + this.#memory.nameLengthOf(slot));
  }

  #handleEnd(slot: number): number {
    return this.#memory.handleAt(slot) + this.handleLengthOf(slot);
  }

  #hasHandle(slot: number, handle: PackedKey): boolean {
    return this.handleLengthOf(slot) === handle.length && handle.isAt(this.#memory.view, this.#memory.handleAt(slot));
  }

  #hasTeamId(slot: number, id: PackedKey): boolean {
    return this.#memory.idLengthOf(slot) === id.length && id.isAt(this.#memory.view, this.#memory.idAt(slot));
  }

  #hashOfHandle(slot: number): number {
    const start = this.#memory.handleAt(slot);
    return hashOfWords(this.orgOf(slot), this.#memory.view, start, start + wholeWords(this.handleLengthOf(slot)));
  }

  #hashOfTeam(slot: number): number {
    const start = this.#memory.idAt(slot);
    return hashOfWords(
      this.connectionOf(slot),
      this.#memory.view,
      start,
      start + wholeWords(this.#memory.idLengthOf(slot)),
    );
  }
}
