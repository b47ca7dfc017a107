import type { Figures } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { median, percentile } from '../harness/statistics.ts';
import { type Cause, type Changes, type Deed, madeOrRenamed, onboarded } from './changes.ts';

/** What is tried in every destination. */
interface Trial {
  readonly title: string;
  /** How its figures begin; they are in seconds. */
  readonly figure: string;
  readonly deedOf: (n: number) => Deed;
  /** Where the numbers of its deeds begin: no two trials touch one team. */
  readonly first: number;
  readonly cause: Cause;
  readonly withinMs: number;
}

const minuteMs = 60_000;
const promptly = { withinMs: 2 * minuteMs };

const trials: readonly Trial[] = [
  {
    ...{ title: 'teams made and renamed, their handles asked for', figure: 'byHandle', ...promptly },
    ...{ deedOf: madeOrRenamed, first: 0, cause: 'unknown-handle' },
  },
  {
    ...{ title: 'teams made and renamed, a sync asked for', figure: 'bySync', ...promptly },
    ...{ deedOf: madeOrRenamed, first: 10, cause: 'requested' },
  },
  {
    ...{ title: 'teams given routing rules, their handles asked for', figure: 'rulesByHandle', ...promptly },
    ...{ deedOf: onboarded, first: 0, cause: 'unknown-handle' },
  },
];

const unprompted: Trial = {
  ...{ title: 'teams made and renamed, unprompted', figure: 'unprompted', withinMs: 4 * minuteMs },
  ...{ deedOf: madeOrRenamed, first: 20, cause: 'nobody' },
};

const rulesUnprompted: Trial = {
  ...{ title: 'teams given routing rules, unprompted', figure: 'rulesUnprompted', withinMs: 16 * minuteMs },
  ...{ deedOf: onboarded, first: 10, cause: 'nobody' },
};

/** How much is done in each destination, and over which time it is spread. */
export interface Effort {
  readonly deeds: number;
  readonly overMs: number;
}

/** How long it takes until what people change in their destinations is known, and how many changes were tried. */
export async function trialFigures(
  changes: Changes,
  { deeds, overMs }: Effort,
  { progress, quick, long }: Ground,
): Promise<{ readonly figures: Figures; readonly changed: number }> {
  const tried = [...(quick ? [] : [unprompted]), ...trials, ...(long ? [rulesUnprompted] : [])];
  let changed = 0;
  let missed = 0;
  const figures: Record<string, number> = {};
  for (const { title, figure, deedOf, first, cause, withinMs } of tried) {
    const done = Array.from({ length: deeds }, (_, index) => deedOf(first + index));
    const trial = { deeds: done, cause, overMs, withinMs };
    const latenciesMs = await progress.step(title, () => changes.latenciesOf(trial));
    const seconds = latenciesMs.map((ms) => ms / 1000).toSorted((a, b) => a - b);
    Object.assign(figures, { [`${figure}P50`]: median(seconds), [`${figure}P99`]: percentile(seconds, 0.99) });
    changed += latenciesMs.length;
    missed += latenciesMs.filter((ms) => ms >= withinMs).length;
  }
  return { figures: { ...figures, missed }, changed };
}
