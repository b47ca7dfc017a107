import {
  type Bus,
  inOrder,
  isSelected,
  type Letter,
  letterAsJson,
  letterOf,
  readLabels,
  type Selection,
} from '@pagebridge/dead-letters';
import { say } from '@pagebridge/process';
import { exitCodes } from '../exit-codes.ts';
import { printList } from '../output/items.ts';
import type { Form } from '../output/output.ts';

export interface ShowOptions extends Selection {
  readonly limit: number;
  readonly output: Form;
}

/** Prints the first `limit` selected dead letters in full. */
export async function show(options: ShowOptions, topics: readonly string[], bus: Bus): Promise<number> {
  const { limit, output } = options;
  const perPartition = new Map<string, number>();
  const letters: Letter[] = [];
  let found = 0;
  const now = new Date();
  await readLabels(bus, topics, now, (label, record) => {
    if (!isSelected(label, options)) return;
    found += 1;
    // The partitions are sorted, so at most `limit` letters of each partition can be among the first.
    const partition = `${record.topic}/${record.partition}`;
    const kept = perPartition.get(partition) ?? 0;
    if (kept === limit) return;
    perPartition.set(partition, kept + 1);
    letters.push(letterOf(record, now));
  });
  const shown = letters.toSorted(inOrder).slice(0, limit).map(letterAsJson);
  // Programs get the bytes of a batch, people what it holds.
  const forPeople = shown.map((its) => (its.holds ? { ...its, valueBase64: undefined } : its));
  printList(output === 'yaml' ? forPeople : shown, { columns: 'name', names: ['name'] }, output);
  if (found === 0) say('No dead letter found.');
  if (found > shown.length) say(`${found - shown.length} more. Use --limit to show them.`);
  return found === 0 ? exitCodes.notFound : exitCodes.done;
}
