/**
 * A first-in, first-out queue with removal from any position, at a constant cost.
 *
 * The queue keeps one iterator over its set, because a new iterator would step over all removed elements.
 */
export class Fifo<T extends object> {
  private readonly items = new Set<T>();
  private walk: IterableIterator<T> = this.items.values();
  private head: T | undefined;

  get size(): number {
    return this.items.size;
  }

  /** Returns false for an item that is in the queue already. */
  add(item: T): boolean {
    const { size } = this.items;
    return this.items.add(item).size > size;
  }

  delete(item: T): boolean {
    if (this.head === item) this.head = undefined;
    return this.items.delete(item);
  }

  first(): T | undefined {
    while (this.items.size > 0) {
      if (this.head && this.items.has(this.head)) return this.head;
      const { value, done } = this.walk.next();
      if (done) this.walk = this.items.values();
      this.head = value;
    }
    return undefined;
  }
}
