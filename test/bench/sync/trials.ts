import type { Figures } from '../harness/bench.ts';
import { median, percentile } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { type Cause, type Changes, madeOrRenamed, onboarded, type TeamChange } from './changes.ts';

/** A kind of change that is tried in every destination. */
interface Trial {
  readonly title: string;
  /** The prefix of its figures, which are in seconds. */
  readonly figure: string;
  readonly teamChangeOf: (n: number) => TeamChange;
  /** The first number of its changes: no two trials change the same team. */
  readonly first: number;
  readonly cause: Cause;
  readonly withinMs: number;
}

const minuteMs = 60_000;
const promptly = { withinMs: 2 * minuteMs };

const trials: readonly Trial[] = [
  {
    ...{ title: 'teams made and renamed, their handles asked for', figure: 'byHandle', ...promptly },
    ...{ teamChangeOf: madeOrRenamed, first: 0, cause: 'unknown-handle' },
  },
  {
    ...{ title: 'teams made and renamed, a sync asked for', figure: 'bySync', ...promptly },
    ...{ teamChangeOf: madeOrRenamed, first: 10, cause: 'requested' },
  },
  {
    ...{ title: 'teams given routing rules, their handles asked for', figure: 'rulesByHandle', ...promptly },
    ...{ teamChangeOf: onboarded, first: 0, cause: 'unknown-handle' },
  },
];

const unprompted: Trial = {
  ...{ title: 'teams made and renamed, unprompted', figure: 'unprompted', withinMs: 4 * minuteMs },
  ...{ teamChangeOf: madeOrRenamed, first: 20, cause: 'nobody' },
};

const rulesUnprompted: Trial = {
  ...{ title: 'teams given routing rules, unprompted', figure: 'rulesUnprompted', withinMs: 16 * minuteMs },
  ...{ teamChangeOf: onboarded, first: 10, cause: 'nobody' },
};

/** The number of changes in each destination, and the period over which they are spread. */
export interface Effort {
  readonly teamChanges: number;
  readonly overMs: number;
}

/** Returns the latencies of the changes until they are published, and the number of changes. */
export async function trialFigures(
  changes: Changes,
  { teamChanges, overMs }: Effort,
  { progress, quick, long }: Testbed,
): Promise<{ readonly figures: Figures; readonly changed: number }> {
  const tried = [...(quick ? [] : [unprompted]), ...trials, ...(long ? [rulesUnprompted] : [])];
  let changed = 0;
  let missed = 0;
  const figures: Record<string, number> = {};
  for (const { title, figure, teamChangeOf, first, cause, withinMs } of tried) {
    const done = Array.from({ length: teamChanges }, (_, index) => teamChangeOf(first + index));
    const trial = { teamChanges: done, cause, overMs, withinMs };
    const latenciesMs = await progress.step(title, () => changes.latenciesOf(trial));
    const seconds = latenciesMs.map((ms) => ms / 1000).toSorted((a, b) => a - b);
    Object.assign(figures, { [`${figure}P50`]: median(seconds), [`${figure}P99`]: percentile(seconds, 0.99) });
    changed += latenciesMs.length;
    missed += latenciesMs.filter((ms) => ms >= withinMs).length;
  }
  return { figures: { ...figures, missed }, changed };
}
