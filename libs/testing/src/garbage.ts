import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects all garbage at once. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}

/** Returns the bytes of the heap that are still referenced: collects garbage first. */
export function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
