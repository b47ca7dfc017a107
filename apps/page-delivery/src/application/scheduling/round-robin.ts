import { Fifo } from './fifo.ts';

/** Turns of groups, such as source orgs or teams, and of the items of each. */
export class RoundRobin<T extends object> {
  private readonly groups = new Map<string, Fifo<T>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(group: string, item: T): void {
    const items = this.groups.get(group) ?? new Fifo();
    this.groups.set(group, items);
    this.count += items.add(item) ? 1 : 0;
  }

  delete(group: string, item: T): void {
    const items = this.groups.get(group);
    if (!items?.delete(item)) return;
    this.count -= 1;
    if (items.size === 0) this.groups.delete(group);
  }

  /** Returns the first item for which `isReady` returns true, and removes the items before it. */
  first(isReady: (item: T) => boolean): T | undefined {
    for (const [group, items] of this.groups) {
      for (let item = items.first(); item; item = items.first()) {
        if (isReady(item)) return item;
        this.delete(group, item);
      }
    }
    return undefined;
  }

  /** Returns the first item, and moves it to the end of its group, and the group to the end of all. */
  rotate(): T | undefined {
    const [first] = this.groups;
    const item = first?.[1].first();
    if (!first || !item) return undefined;
    const [group, items] = first;
    items.delete(item);
    items.add(item);
    this.groups.delete(group);
    this.groups.set(group, items);
    return item;
  }
}
