import { headerText } from '@pagebridge/contracts';
import { say } from '@pagebridge/programs';
import { exitCodes } from '../exit-codes.ts';
import { type Form, printItems } from '../output/output.ts';
import { batchOf, describeBatch } from './letters/batch.ts';
import { inOrder, type Letter, letterOf, readLabels } from './letters/letter.ts';
import { isoOf } from './letters/record.ts';
import { isSelected } from './letters/selection.ts';
import { describeStub, stubOf } from './letters/stub.ts';
import type { At, Chosen } from './world.ts';

export interface ShowOptions extends Chosen {
  readonly limit: number;
  readonly output: Form;
}

/** Prints the first `limit` selected dead letters in full. */
export async function show(options: ShowOptions, { bus, clock }: At): Promise<number> {
  const { limit, output } = options;
  const perPartition = new Map<string, number>();
  const letters: Letter[] = [];
  let found = 0;
  const now = clock.now();
  await readLabels(bus, options.topics, now, (label, record) => {
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
  printItems(output === 'yaml' ? forPeople : shown, { columns: [], nameOf: ({ name }) => name }, output);
  if (found === 0) say('no such dead letter');
  if (found > shown.length) say(`${found - shown.length} more; see --limit`);
  return found === 0 ? exitCodes.notFound : exitCodes.done;
}

/** Returns a dead letter as JSON, with `valueBase64` instead of `value` if the bytes are not UTF-8. */
export function letterAsJson(letter: Letter) {
  const { record, name, topic, key, reason, detail, failedAt, origin } = letter;
  const { value } = record;
  const headers = Object.keys(record.headers).map((header) => [header, headerText(record, header) ?? '']);
  const [stub, batch] = [stubOf(record, letter), batchOf(reason, record)];
  const holds = batch ? `${describeBatch(batch)}; replay it with --max-batch-mib` : stub && describeStub(stub);
  const text = value?.toString('utf8');
  const isText = value === null || Buffer.from(text ?? '').equals(value);
  return {
    ...{ name, topic, key, reason, detail, failedAt: isoOf(failedAt), origin, headers: Object.fromEntries(headers) },
    ...(holds ? { holds } : {}),
    ...(stub ? { original: stub.command } : {}),
    ...(isText ? { value: readable(text) } : { valueBase64: value.toString('base64') }),
  };
}

function readable(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    // The text is shown as is; the detail of the dead letter explains why it is not JSON.
    return text;
  }
}
