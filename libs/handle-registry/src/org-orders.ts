import type { HandleRows } from './handle-rows.ts';
import { SortedRows } from './sorted-rows.ts';

const backwards = (text: string): string => {
  let reversed = '';
  for (let i = text.length - 1; i >= 0; i -= 1) reversed += text.charAt(i);
  return reversed;
};

/** One org's rows by handle and by handle read backwards: what shares a beginning or an ending stands together. */
export class OrgOrders {
  readonly byHandle: SortedRows;
  readonly #byEnding: SortedRows;

  constructor(rows: HandleRows, org: number, tie: (a: number, b: number) => number) {
    this.byHandle = new SortedRows(rows.ofOrg(org), (slot) => rows.handleOf(slot), tie);
    this.#byEnding = new SortedRows(rows.ofOrg(org), (slot) => backwards(rows.handleOf(slot)));
  }

  insert(slot: number): void {
    this.byHandle.insert(slot);
    this.#byEnding.insert(slot);
  }

  remove(slot: number): void {
    this.byHandle.remove(slot);
    this.#byEnding.remove(slot);
  }

  /** At most `4 * reach` rows: the nearest in either order. A single slip leaves the beginning or the ending whole. */
  around(name: string, reach: number): Set<number> {
    const found = new Set<number>();
    for (const [order, key] of [[this.byHandle, name] as const, [this.#byEnding, backwards(name)] as const]) {
      const middle = order.lowerBound(key);
      const end = Math.min(order.size, middle + reach);
      for (let i = Math.max(0, middle - reach); i < end; i += 1) found.add(order.at(i));
    }
    return found;
  }
}
