import { isoOf, isSelected, readLabels } from '@pagebridge/dead-letters';
import { say } from '@pagebridge/programs';
import { exitCodes } from '../exit-codes.ts';
import { type Form, printItems } from '../output/output.ts';
import type { At, Chosen } from './world.ts';

const fields = ['topic', 'reason', 'count', 'oldest', 'newest'] as const;
/** The dead letters of one topic with one reason. */
type Group = Readonly<Record<(typeof fields)[number], string | number>>;
const shape = {
  columns: fields.map((field) => ({ title: field.toUpperCase(), of: (group: Group) => String(group[field]) })),
  nameOf: ({ topic, reason }: Group) => `${topic} ${reason}`,
};

/** Counts the selected dead letters by topic and reason, without keeping them in memory. */
export async function ls(options: Chosen & { readonly output: Form }, { bus, clock }: At): Promise<number> {
  const groups = new Map<string, { topic: string; reason: string; count: number; oldest: number; newest: number }>();
  await readLabels(bus, options.topics, clock.now(), (label) => {
    if (!isSelected(label, options)) return;
    const { topic, reason, failedAt } = label;
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
  printItems(sorted, shape, options.output);
  return exitCodes.done;
}
