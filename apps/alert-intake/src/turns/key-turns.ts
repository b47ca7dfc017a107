/** Lets those who work on the same key do so one after the other, in the order of their calls. */
export class KeyTurns {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => this.last.get(key));
    const { promise, resolve } = Promise.withResolvers<void>();
    // All keys are taken in one step, so nobody waits for somebody who waits for him.
    for (const key of keys) this.last.set(key, promise);
    try {
      await Promise.all(before);
      return await work();
    } finally {
      for (const key of keys) if (this.last.get(key) === promise) this.last.delete(key);
      resolve();
    }
  }
}
