import type { HandleRows } from './handle-rows.ts';
import { Marks } from './marks.ts';
import { SortedRows, type Tie } from './sorted-rows.ts';

/**
 * One org's rows by handle and by handle read backwards: what shares a beginning or an ending stands together.
 *
 * Each order is made when it is first needed, in about half a microsecond a row, and then kept.
 */
export class OrgOrders {
  readonly byHandle: SortedRows;
  readonly #rows: HandleRows;
  readonly #org: number;
  #byEnding: SortedRows | undefined;
  #marks: Marks | undefined;

  constructor(rows: HandleRows, org: number, tie: Tie) {
    this.#rows = rows;
    this.#org = org;
    this.byHandle = new SortedRows(rows.ofOrg(org), rows.codeAt, tie);
  }

  insert(slot: number): void {
    const position = this.byHandle.insert(slot);
    this.#marks?.insert(position, slot);
    this.#byEnding?.insert(slot);
  }

  remove(slot: number): void {
    const position = this.byHandle.remove(slot);
    this.#marks?.remove(position);
    this.#byEnding?.remove(slot);
  }

  /** Each row has another number, and all are in the same order. */
  renumber(moved: (slot: number) => number): void {
    this.byHandle.renumber(moved);
    this.#byEnding?.renumber(moved);
  }

  /** The rows by handle whose handle contains this text, in order. */
  *containing(text: string): Generator<number> {
    this.#marks ??= new Marks(this.#rows, this.byHandle);
    for (const slot of this.#marks.likely(text)) if (this.#rows.handleOf(slot).includes(text)) yield slot;
  }

  /**
   * Visits at most `4 * reach` rows: the nearest in either order, the very next first, some of them twice.
   *
   * A single slip leaves the beginning or the ending whole.
   */
  around(name: string, reach: number, visit: (slot: number) => void): void {
    this.#byEnding ??= new SortedRows(this.#rows.ofOrg(this.#org), this.#rows.codeFromEnd);
    visitAround(this.byHandle, name, reach, visit);
    visitAround(this.#byEnding, backwards(name), reach, visit);
  }
}

function visitAround(order: SortedRows, key: string, reach: number, visit: (slot: number) => void): void {
  const middle = order.lowerBound(key);
  for (let step = 0; step < reach; step += 1) {
    if (middle + step < order.size) visit(order.at(middle + step));
    if (step < middle) visit(order.at(middle - 1 - step));
  }
}

function backwards(text: string): string {
  let reversed = '';
  for (let i = text.length - 1; i >= 0; i -= 1) reversed += text.charAt(i);
  return reversed;
}
