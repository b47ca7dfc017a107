import { Fifo } from './fifo.ts';

/** Turns of source orgs, and of the items of each. */
export class RoundRobin<T extends object> {
  private readonly bySourceOrg = new Map<string, Fifo<T>>();

  add(sourceOrg: string, item: T): void {
    const items = this.bySourceOrg.get(sourceOrg) ?? new Fifo();
    this.bySourceOrg.set(sourceOrg, items);
    items.add(item);
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

  /** Returns the first item, and moves it to the end of its source org, and this to the end of all. */
  rotate(): T | undefined {
    const [first] = this.bySourceOrg;
    const item = first?.[1].first();
    if (!first || !item) return undefined;
    const [sourceOrg, items] = first;
    items.delete(item);
    items.add(item);
    this.bySourceOrg.delete(sourceOrg);
    this.bySourceOrg.set(sourceOrg, items);
    return item;
  }
}
