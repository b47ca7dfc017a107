/**
 * First in, first out, with removal from anywhere, each at a constant cost.
 *
 * It keeps one iterator over the set: a new one would step over all elements that were removed.
 */
export class Fifo<T extends object> {
  private readonly items = new Set<T>();
  private walk = this.items.values();
  private head: T | undefined;

  get size(): number {
    return this.items.size;
  }

  add(item: T): void {
    this.items.add(item);
  }

  delete(item: T): boolean {
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

  [Symbol.iterator](): IterableIterator<T> {
    return this.items.values();
  }
}
