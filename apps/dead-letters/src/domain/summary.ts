import type { Label } from './letter.ts';
import { isoOf } from './moment.ts';

/** The dead letters of one topic with one reason. */
export interface Group {
  readonly topic: string;
  readonly reason: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
}

interface Counted extends Pick<Label, 'topic' | 'reason'> {
  count: number;
  oldest: number;
  newest: number;
}

/** Counts dead letters by topic and reason without keeping them in memory. */
export class Summary {
  private readonly groups = new Map<string, Counted>();

  add({ topic, reason, failedAt }: Label): void {
    const name = JSON.stringify([topic, reason]);
    const group = this.groups.get(name) ?? { topic, reason, count: 0, oldest: failedAt, newest: failedAt };
    group.count += 1;
    group.oldest = Math.min(group.oldest, failedAt);
    group.newest = Math.max(group.newest, failedAt);
    this.groups.set(name, group);
  }

  /** Returns the groups, sorted by topic and then by descending count. */
  result(): Group[] {
    return [...this.groups.values()]
      .toSorted((a, b) => a.topic.localeCompare(b.topic) || b.count - a.count || a.reason.localeCompare(b.reason))
      .map(({ oldest, newest, ...group }) => ({ ...group, oldest: isoOf(oldest), newest: isoOf(newest) }));
  }
}
