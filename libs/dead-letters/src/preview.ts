import { Alerts, Connections, PageCommands, PageStates } from '@pagebridge/contracts';
import type { Bus } from './kafka-bus.ts';
import { batchOf, type Candidate, candidatesIn, isReplayable } from './letters/batch.ts';
import { type KnownLetter, knownOf, type Label, type Letter, readLabels, withBytes } from './letters/letter.ts';
import type { StoredRecord } from './letters/record.ts';
import { isKey, isSelected, type Selection } from './letters/selection.ts';
import type { ForecastOptions } from './plan/forecast.ts';
import { History } from './plan/history.ts';
import { type Planned, plan } from './plan/plan.ts';

export interface PreviewOptions extends ForecastOptions {
  /** More letters of the same alerts than this are not kept in memory: the preview rejects with TooManyLetters. */
  readonly maxOthers?: number;
  /** The maximum number of decompressed bytes of a parked batch; undefined leaves parked batches closed. */
  readonly maxBatchBytes: number | undefined;
}

/** The alerts of the selected letters have more letters than a preview may keep. */
export class TooManyLetters extends Error {
  override readonly name = 'TooManyLetters';
}

/**
 * Plans the replay of the selected dead letters of a topic; sends nothing.
 *
 * The plan keeps the bytes of the selected letters that can be decoded. Of other letters of the same alerts it keeps
 * labels and meanings only.
 */
export async function preview(
  bus: Bus,
  topic: string,
  selection: Selection,
  options: PreviewOptions,
  now: Date,
): Promise<Planned[]> {
  const { maxBatchBytes, maxOthers } = options;
  const { recordKey, ...withoutKey } = selection;
  const chosen: (KnownLetter | Letter)[] = [];
  await readLabels(bus, [topic], now, (label, record) => {
    // A parked batch has no key of a record. The key selects among its records once it is open.
    const isOpened = isOpen(label, record, maxBatchBytes);
    if (!isSelected(label, isOpened ? withoutKey : selection)) return;
    const known = knownOf(record, now);
    chosen.push(isOpened || known.meaning.ok ? withBytes(known, record) : known);
  });
  if (chosen.length === 0) return [];
  const selected: Candidate[] = [];
  // Batches are opened one after the other, to bound the memory.
  for (const letter of chosen) selected.push(...(await opened(bus, letter, recordKey, maxBatchBytes)));
  const all = [...selected, ...(await othersOfTheirAlerts(bus, topic, chosen, selected, now, maxOthers))];
  const history = new History(selected, all, now);
  // This read follows that of the dead letters, so that it includes every replay that was sent before this run.
  await bus.read(
    // The alert of a letter from an org's own topic may have recovered through the shared topic.
    [...new Set([...[Alerts, PageCommands, PageStates, Connections].map(({ card }) => card.topic), topic])],
    (record) => history.read(record),
  );
  return plan(selected, all, history, options, now);
}

/** Reads the topic again, now that the alerts are known: other alerts may have millions of letters. */
async function othersOfTheirAlerts(
  bus: Bus,
  topic: string,
  chosen: readonly KnownLetter[],
  selected: readonly KnownLetter[],
  now: Date,
  most = Number.POSITIVE_INFINITY,
): Promise<KnownLetter[]> {
  const names = new Set(chosen.map(({ name }) => name));
  const alerts = new Set(selected.flatMap(({ meaning }) => (meaning.ok ? [meaning.value.identity] : [])));
  const others: KnownLetter[] = [];
  if (alerts.size === 0) return others;
  await readLabels(bus, [topic], now, ({ name }, record) => {
    if (names.has(name)) return;
    const known = knownOf(record, now);
    if (!known.meaning.ok || !alerts.has(known.meaning.value.identity)) return;
    if (others.length === most) throw new TooManyLetters(`their alerts have more than ${most} other dead letters`);
    others.push(known);
  });
  return others;
}

async function opened(
  bus: Bus,
  letter: KnownLetter | Letter,
  key: string | undefined,
  maxBytes: number | undefined,
): Promise<Candidate[]> {
  if (!('record' in letter) || !isOpen(letter, letter.record, maxBytes)) return [letter];
  const contents = await bus.openBatch(letter.record.value ?? Buffer.alloc(0), maxBytes ?? 0);
  return contents.records.length > 0 ? candidatesIn(letter, contents, (each) => isKey(each, key)) : [letter];
}

/** Returns whether the records of a dead letter are replayed one by one. */
function isOpen({ reason }: Label, record: StoredRecord, maxBatchBytes: number | undefined): boolean {
  const batch = maxBatchBytes === undefined ? undefined : batchOf(reason, record);
  return batch !== undefined && isReplayable(batch);
}
