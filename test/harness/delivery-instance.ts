import { readFileSync } from 'node:fs';
import type { Started } from './stack/stack-control.ts';

const gained = 'partition acquired';
const lost = 'partition released';

/** One of several instances of page-delivery, observed through its log: which partitions it owns. */
export class DeliveryInstance {
  readonly name: string;
  readonly #logFile: string;

  constructor({ name, logFile }: Started) {
    this.name = name;
    this.#logFile = logFile;
  }

  owns(): Set<number> {
    const owned = new Set<number>();
    for (const { message, partition } of this.#changes()) {
      if (message === gained) owned.add(partition);
      else owned.delete(partition);
    }
    return owned;
  }

  /** Returns how often it took over a partition. */
  takeovers(): number {
    return this.#changes().filter(({ message }) => message === gained).length;
  }

  #changes(): { message: string; partition: number }[] {
    const lines = readFileSync(this.#logFile, 'utf8').split('\n');
    return lines
      .filter((line) => line.includes(`"${gained}"`) || line.includes(`"${lost}"`))
      .map((line) => JSON.parse(line));
  }
}

/** Returns whether each instance owns a partition, and each partition has exactly one owner. */
export function areShared(instances: readonly DeliveryInstance[], partitions: number): boolean {
  const owned = instances.map((instance) => instance.owns());
  const all = owned.flatMap((set) => [...set]);
  return owned.every(({ size }) => size > 0) && all.length === partitions && new Set(all).size === partitions;
}
