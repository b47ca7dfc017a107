import type { Figures } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Conclusion } from './rounds.ts';

/** The last line of a benchmark. */
export interface Result {
  readonly bench: string;
  readonly command: string;
  readonly quick: boolean;
  readonly rounds: number;
  readonly findings: Readonly<Record<string, Omit<Conclusion, 'name'>>>;
  readonly figures: Readonly<Record<string, Figures>>;
  readonly leftOut: readonly string[];
  readonly machine: Machine;
}
