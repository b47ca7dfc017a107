import type { Letter } from './letter.ts';

/** Dead letters of one topic with one reason. */
export interface Group {
  readonly topic: string;
  readonly reason: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
}

/** Groups by topic and reason, the largest group of a topic first. */
export function summaryOf(letters: readonly Letter[]): Group[] {
  const groups = Map.groupBy(letters, ({ topic, reason }) => JSON.stringify([topic, reason]));
  return [...groups.values()]
    .map((group) => {
      const times = group.map(({ failedAt }) => failedAt);
      const [first] = group as [Letter, ...Letter[]];
      return {
        topic: first.topic,
        reason: first.reason,
        count: group.length,
        oldest: iso(times.reduce((a, b) => Math.min(a, b))),
        newest: iso(times.reduce((a, b) => Math.max(a, b))),
      };
    })
    .toSorted((a, b) => a.topic.localeCompare(b.topic) || b.count - a.count || a.reason.localeCompare(b.reason));
}

const iso = (time: number): string => new Date(time).toISOString();
