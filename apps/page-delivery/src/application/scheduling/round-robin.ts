/** Round robin among source orgs, and among the items of each. */
export class RoundRobin<T> {
  private readonly bySourceOrg = new Map<string, Set<T>>();

  get isEmpty(): boolean {
    return this.bySourceOrg.size === 0;
  }

  add(sourceOrg: string, waiting: T): void {
    const known = this.bySourceOrg.get(sourceOrg);
    if (known) known.add(waiting);
    else this.bySourceOrg.set(sourceOrg, new Set([waiting]));
  }

  /** Returns the first item for which `isReady` returns true, and removes the items before it. */
  first(isReady: (waiting: T) => boolean): T | undefined {
    for (const [sourceOrg, all] of this.bySourceOrg) {
      for (const waiting of all) {
        if (isReady(waiting)) return waiting;
        all.delete(waiting);
      }
      this.bySourceOrg.delete(sourceOrg);
    }
    return undefined;
  }

  /** Moves the first item, and its source org, to the end. */
  rotate(): void {
    for (const [sourceOrg, all] of this.bySourceOrg) {
      for (const waiting of all) {
        all.delete(waiting);
        all.add(waiting);
        break;
      }
      this.bySourceOrg.delete(sourceOrg);
      this.bySourceOrg.set(sourceOrg, all);
      return;
    }
  }
}
