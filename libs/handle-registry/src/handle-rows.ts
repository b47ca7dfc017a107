import { hashOfBytes, hashOfText } from './hash.ts';
import { OrgChains } from './org-chains.ts';
import { RowText } from './row-text.ts';
import { SlotIndex } from './slot-index.ts';
import { packTeamId, unpackTeamId } from './team-id.ts';

/** A row to add: org and connection by their numbers. */
export interface NewRow {
  readonly org: number;
  readonly connection: number;
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

/**
 * Every handle of every org as one row of a few columns: about 100 bytes each, where objects in maps take three times that.
 *
 * A row's text is handle (Latin-1, its grammar is ASCII), packed team id, name. A row is found by (org, handle), by
 * (connection, team id), or by walking its org. Rows never change: a changed handle is a new row. Numbers are reused.
 */
export class HandleRows {
  readonly #text = new RowText();
  readonly #chains = new OrgChains();
  readonly #byHandle = new SlotIndex((slot) => this.#hashOfHandle(slot));
  readonly #byTeam = new SlotIndex((slot) => this.#hashOfTeam(slot));
  readonly #free: number[] = [];
  #used = 0;
  #org = new Uint32Array(64);
  #connection = new Uint32Array(64);

  get size(): number {
    return this.#used - this.#free.length;
  }

  get bytes(): number {
    const columns = this.#org.byteLength + this.#connection.byteLength;
    return columns + this.#text.bytes + this.#chains.bytes + this.#byHandle.bytes + this.#byTeam.bytes;
  }

  add(row: NewRow): number {
    const slot = this.#free.pop() ?? this.#append();
    const handle = Buffer.from(row.teamHandle, 'latin1');
    this.#text.write(slot, [handle, packTeamId(row.teamId), Buffer.from(row.teamName)]);
    this.#org[slot] = row.org;
    this.#connection[slot] = row.connection;
    this.#chains.link(slot, row.org);
    this.#byHandle.add(slot);
    this.#byTeam.add(slot);
    return slot;
  }

  remove(slot: number): void {
    this.#byHandle.remove(slot);
    this.#byTeam.remove(slot);
    this.#chains.unlink(slot, this.orgOf(slot));
    this.#text.free(slot);
    this.#free.push(slot);
  }

  /** The row of a team of a connection, -1 for none. */
  findTeam(connection: number, teamId: string): number {
    const id = packTeamId(teamId);
    const index = this.#byTeam;
    for (let p = index.start(hashOfBytes(connection, id, 0, id.length)); index.at(p) >= 0; p = index.after(p)) {
      const slot = index.at(p);
      if (this.#connection[slot] !== connection) continue;
      const [start, end] = [this.#text.end(slot, 0), this.#text.end(slot, 1)];
      if (id.compare(this.#text.buffer, start, end) === 0) return slot;
    }
    return -1;
  }

  /** Calls `visit` with every row of an org that has this handle, in no particular order. */
  withHandle(org: number, handle: string, visit: (slot: number) => void): void {
    const index = this.#byHandle;
    for (let p = index.start(hashOfText(org, handle)); index.at(p) >= 0; p = index.after(p)) {
      const slot = index.at(p);
      if (this.#org[slot] === org && this.#hasHandle(slot, handle)) visit(slot);
    }
  }

  ofOrg(org: number): Iterable<number> {
    return this.#chains.rowsOf(org);
  }

  orgOf(slot: number): number {
    return this.#org[slot] ?? -1;
  }

  connectionOf(slot: number): number {
    return this.#connection[slot] ?? -1;
  }

  handleOf(slot: number): string {
    return this.#text.buffer.toString('latin1', this.#text.start(slot), this.#text.end(slot, 0));
  }

  teamIdOf(slot: number): string {
    return unpackTeamId(this.#text.buffer, this.#text.end(slot, 0), this.#text.end(slot, 1));
  }

  teamNameOf(slot: number): string {
    return this.#text.buffer.toString('utf8', this.#text.end(slot, 1), this.#text.end(slot, 2));
  }

  #hasHandle(slot: number, handle: string): boolean {
    const start = this.#text.start(slot);
    if (this.#text.end(slot, 0) - start !== handle.length) return false;
    const bytes = this.#text.buffer;
    for (let i = 0; i < handle.length; i += 1) if (bytes[start + i] !== handle.charCodeAt(i)) return false;
    return true;
  }

  #hashOfHandle(slot: number): number {
    return hashOfBytes(this.orgOf(slot), this.#text.buffer, this.#text.start(slot), this.#text.end(slot, 0));
  }

  #hashOfTeam(slot: number): number {
    return hashOfBytes(this.connectionOf(slot), this.#text.buffer, this.#text.end(slot, 0), this.#text.end(slot, 1));
  }

  #append(): number {
    if (this.#used === this.#org.length) this.#grow(Math.ceil(this.#used * 1.5));
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(capacity: number): void {
    const org = new Uint32Array(capacity);
    org.set(this.#org);
    const connection = new Uint32Array(capacity);
    connection.set(this.#connection);
    this.#org = org;
    this.#connection = connection;
  }
}
