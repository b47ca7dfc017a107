import { isoOf, type Label } from '@pagebridge/dead-letters';
import { say } from '@pagebridge/programs';
import { exitCodes } from '../exit-codes.ts';
import { type Form, printItems } from '../output/output.ts';

const fields = ['topic', 'reason', 'count', 'oldest', 'newest'] as const;
/** The dead letters of one topic with one reason. */
type Group = Readonly<Record<(typeof fields)[number], string | number>>;
const shape = {
  columns: fields.map((field) => ({ title: field.toUpperCase(), of: (group: Group) => String(group[field]) })),
  nameOf: ({ topic, reason }: Group) => `${topic} ${reason}`,
};

/** Counts dead letters by topic and reason, without keeping them in memory. */
export async function ls(form: Form, read: (onLetter: (label: Label) => void) => Promise<void>): Promise<number> {
  const groups = new Map<string, { topic: string; reason: string; count: number; oldest: number; newest: number }>();
  await read(({ topic, reason, failedAt }) => {
    const name = JSON.stringify([topic, reason]);
    const group = groups.get(name) ?? { topic, reason, count: 0, oldest: failedAt, newest: failedAt };
    group.count += 1;
    group.oldest = Math.min(group.oldest, failedAt);
    group.newest = Math.max(group.newest, failedAt);
    groups.set(name, group);
  });
  const sorted = [...groups.values()]
    .toSorted((a, b) => a.topic.localeCompare(b.topic) || b.count - a.count || a.reason.localeCompare(b.reason))
    .map(({ oldest, newest, ...group }) => ({ ...group, oldest: isoOf(oldest), newest: isoOf(newest) }));
  if (sorted.length === 0) say('no dead letters');
  printItems(sorted, shape, form);
  return exitCodes.done;
}
