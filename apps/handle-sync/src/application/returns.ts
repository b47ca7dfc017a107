import { type Handle, handleKey } from '@pagebridge/contracts';
import type { HandleWrite } from './ports.ts';

type Arrived = (handle: Handle | null) => void;

/** Waits for what this process wrote to come back from Kafka. */
export class Returns {
  private readonly awaited = new Map<string, Set<Arrived>>();

  /** Tells those who wait that this is now what Kafka has; null for a deleted handle. */
  arrived(key: string, handle: Handle | null): void {
    for (const tell of [...(this.awaited.get(key) ?? [])]) tell(handle);
  }

  /** Resolves true once all these writes have come back, false when `withinMs` has passed before. */
  of(writes: readonly HandleWrite[], withinMs: number): Promise<boolean> {
    if (writes.length === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const missing = new Map<string, () => void>();
      const finish = (all: boolean) => {
        clearTimeout(timer);
        for (const unhook of missing.values()) unhook();
        resolve(all);
      };
      const timer = setTimeout(() => finish(false), withinMs);
      for (const { connectionId, teamId, handle: written } of writes) {
        const key = handleKey(connectionId, teamId);
        const arrived = (handle: Handle | null) => {
          // A team is written at most once a sync, so the time of the difference tells our write from an older one.
          if (handle?.changedAt !== written?.changedAt) return;
          missing.get(key)?.();
          missing.delete(key);
          if (missing.size === 0) finish(true);
        };
        missing.set(key, this.hook(key, arrived));
      }
    });
  }

  private hook(key: string, arrived: Arrived): () => void {
    const waiting = this.awaited.get(key) ?? new Set<Arrived>();
    this.awaited.set(key, waiting.add(arrived));
    return () => {
      waiting.delete(arrived);
      if (waiting.size === 0) this.awaited.delete(key);
    };
  }
}
