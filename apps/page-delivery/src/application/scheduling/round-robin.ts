import { Fifo } from './fifo.ts';

/** Turns of source orgs, and of the items of each. */
export class RoundRobin<T extends object> {
  private readonly bySourceOrg = new Map<string, Fifo<T>>();

  add(sourceOrg: string, item: T): void {
    const items = this.bySourceOrg.get(sourceOrg);
    if (items) items.add(item);
    else this.bySourceOrg.set(sourceOrg, new Fifo([item]));
  }

  /** Returns the first item for which `isReady` returns true, and removes the items before it. */
  first(isReady: (item: T) => boolean): T | undefined {
    for (const [sourceOrg, items] of this.bySourceOrg) {
      for (let item = items.first(); item; item = items.first()) {
        if (isReady(item)) return item;
        items.delete(item);
      }
      this.bySourceOrg.delete(sourceOrg);
    }
    return undefined;
  }

  /** Moves the first source org to the end, and its first item to the end of its items. */
  rotate(): void {
    for (const [sourceOrg, items] of this.bySourceOrg) {
      const item = items.first();
      this.bySourceOrg.delete(sourceOrg);
      if (!item) return;
      items.delete(item);
      items.add(item);
      this.bySourceOrg.set(sourceOrg, items);
      return;
    }
  }
}
