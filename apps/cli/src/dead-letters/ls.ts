import { isoOf, type Label } from '@pagebridge/dead-letters';
import { say } from '@pagebridge/process';
import { exitCodes } from '../exit-codes.ts';
import { printList } from '../output/items.ts';
import type { Form } from '../output/output.ts';

const look = { columns: 'topic reason count oldest newest', names: ['name'] };

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
  if (sorted.length === 0) say('No dead letters.');
  printList(sorted, look, form, (its) => ({ ...its, name: `${its.topic} ${its.reason}` }));
  return exitCodes.done;
}
