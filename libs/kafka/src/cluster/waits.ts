/** Waits that all end at once when their owner stops. */
export class Waits {
  private readonly wakers = new Set<() => void>();
  private isOver = false;

  get ended(): boolean {
    return this.isOver;
  }

  async for(ms: number): Promise<void> {
    if (this.isOver || ms <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.wakers.add(resolve);
    await promise;
    clearTimeout(timer);
    this.wakers.delete(resolve);
  }

  end(): void {
    this.isOver = true;
    for (const wake of this.wakers) wake();
  }
}
