import { median, rounded } from './statistics.ts';
import type { Contender, Figures, Finding } from './testbed.ts';

/** The results of each contender by round. */
export type Measured = ReadonlyMap<string, readonly Figures[]>;

export interface Conclusion extends Finding {
  /** The median of the rounds. */
  readonly median: number;
  readonly rounds: readonly number[];
  readonly met?: boolean;
}

/**
 * Measures every contender in every round, one after the other.
 *
 * Each round starts with another contender, so that none is always the first on a machine that gets busy or warm.
 */
export async function inTurns(
  contenders: readonly Contender[],
  rounds: number,
  step: (title: string, measure: () => Promise<Figures>) => Promise<Figures>,
): Promise<Measured> {
  const measured = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const { name, measure } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      measured.get(name)?.push(await step(`round ${round + 1} of ${rounds}: ${name}`, measure));
    }
  }
  return measured;
}

/** Returns the median of each figure of each contender. */
export function mediansOf(measured: Measured): Record<string, Figures> {
  return Object.fromEntries(
    [...measured].map(([name, rounds]) => {
      const figures = [...new Set(rounds.flatMap((round) => Object.keys(round)))];
      const medians = figures.map((figure) => {
        const values = rounds.flatMap((round) => round[figure] ?? []);
        return [figure, rounded(median(values))] as const;
      });
      return [name, Object.fromEntries(medians)];
    }),
  );
}

/** Returns the conclusion of each finding, without those whose contender or figure is missing. */
export function conclusionsOf(findings: readonly Finding[], measured: Measured): Conclusion[] {
  return findings.flatMap((finding) => {
    const { figure, of, to, goal } = finding;
    const own = valuesOf(measured, of, figure);
    const others = to === undefined ? own.map(() => 1) : valuesOf(measured, to, figure);
    const rounds = own.flatMap((value, round) => (others[round] ? [value / others[round]] : []));
    if (rounds.length === 0) return [];
    const middle = median(rounds);
    const met = goal && { met: 'atLeast' in goal ? middle >= goal.atLeast : middle <= goal.atMost };
    return [{ ...finding, median: rounded(middle), rounds: rounds.map(rounded), ...met }];
  });
}

const valuesOf = (measured: Measured, contender: string, figure: string): number[] =>
  (measured.get(contender) ?? []).flatMap((round) => round[figure] ?? []);
