import { randomUUID } from 'node:crypto';
import { Alerts, deadLetterTopicOf, PageCommands, PageStates } from '@pagebridge/contracts';
import { type BatchContents, batchOf, type Candidate, candidatesIn, type RecordInBatch } from '../domain/batch.ts';
import type { ForecastOptions } from '../domain/forecast.ts';
import { History } from '../domain/history.ts';
import {
  type KnownLetter,
  knownOf,
  type Label,
  type Letter,
  labelOf,
  letterOf,
  type StoredRecord,
  withBytes,
} from '../domain/letter.ts';
import { inOrder, type Planned, plan } from '../domain/plan.ts';
import { type ReplayRecord, replayOf } from '../domain/replay-record.ts';
import { isKey, isSelected, type Selection } from '../domain/selection.ts';
import { type Group, Summary } from '../domain/summary.ts';
import type { Bus, Clock, Refused } from './ports.ts';
import { replayAuditOf } from './replay-audit.ts';

export interface ReplayOptions extends Pick<ForecastOptions, 'pageAnew'> {
  /** The most bytes of records to open of a parked batch; undefined: batches stay closed. */
  readonly maxBatchBytes: number | undefined;
}

const publishesPerSecond = 10;
const mostAtOnce = 1000;

/** Finds dead letters, says what a replay would send, and sends it. */
export class DeadLetters {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    /** The reopen age of page-delivery: a trigger this long after an open page pages again instead of joining it. */
    private readonly reopenAfterMs: number,
  ) {}

  /** Counts the selected dead letters of these topics. */
  async count(topics: readonly string[], selection: Selection): Promise<Group[]> {
    const summary = new Summary();
    await this.readLabels(topics, (label) => {
      if (isSelected(label, selection)) summary.add(label);
    });
    return summary.result();
  }

  /** The first selected dead letters of these topics, at most `limit`, and how many there are. */
  async find(topics: readonly string[], selection: Selection, limit: number) {
    const perPartition = new Map<string, number>();
    const letters: Letter[] = [];
    let found = 0;
    const now = this.clock.now();
    await this.readLabels(topics, (label, record) => {
      if (!isSelected(label, selection)) return;
      found += 1;
      // Partitions come in order, so that of each no more than `limit` can be among the first.
      const partition = `${record.topic}/${record.partition}`;
      const kept = perPartition.get(partition) ?? 0;
      if (kept === limit) return;
      perPartition.set(partition, kept + 1);
      letters.push(letterOf(record, now));
    });
    return { letters: letters.toSorted(inOrder).slice(0, limit), found };
  }

  /**
   * The plan for the selected dead letters of a topic; sends nothing.
   *
   * It holds the bytes of the selected ones that can be read, and the labels and meanings of the others of their alerts.
   */
  async preview(topic: string, selection: Selection, options: ReplayOptions): Promise<Planned[]> {
    const now = this.clock.now();
    const { key, ...withoutKey } = selection;
    const chosen: (KnownLetter | Letter)[] = [];
    await this.readLabels([topic], (label, record) => {
      // A batch has no key: its records are selected by theirs once the batch is open.
      const isOpened = options.maxBatchBytes !== undefined && batchOf(label.reason, record) !== undefined;
      if (!isSelected(label, isOpened ? withoutKey : selection)) return;
      const known = knownOf(record, now);
      chosen.push(isOpened || known.meaning.ok ? withBytes(known, record) : known);
    });
    if (chosen.length === 0) return [];
    const opened: Candidate[][] = [];
    // One after the other, to bound the memory.
    for (const letter of chosen) opened.push(await this.opened(letter, key, options.maxBatchBytes));
    const selected = opened.flat();
    const all = [...selected, ...(await this.othersOfTheirAlerts(topic, chosen, selected))];
    const history = new History(selected, all, now);
    // After the dead letters, so that it sees everything that was sent before this run.
    await this.bus.read(
      // An alert may have recovered over the shared topic, and its letter be of the one that its org owns.
      [...new Set([...[Alerts, PageCommands, PageStates].map(({ card }) => card.topic), topic])],
      (record) => history.take(record),
    );
    const { reopenAfterMs } = this;
    return plan(selected, all, history, { pageAnew: options.pageAnew, reopenAfterMs }, now);
  }

  /**
   * Sends the planned replays in order, once the audit has who does it, at most `rate` a second; `onSent` gets the number sent so far. Resolves to those
   * that Kafka will never take.
   *
   * If the process dies, the next preview skips what was sent: each replay carries the name of its dead letter.
   */
  async replay(
    planned: readonly Planned[],
    { rate, actor, ...options }: ReplayOptions & { readonly rate: number; readonly actor: string },
    onSent: (done: number) => void,
  ): Promise<Refused[]> {
    const letters = planned.filter(({ decision }) => decision.kind === 'replay').map(({ letter }) => letter);
    if (letters.length === 0) return [];
    const run = { id: randomUUID(), onBehalfOf: actor, pageAnew: options.pageAnew, now: this.clock.now() };
    await this.bus.audit(replayAuditOf(letters, run));
    const atOnce = Math.min(Math.max(1, Math.floor(rate / publishesPerSecond)), mostAtOnce);
    const refused: Refused[] = [];
    let done = 0;
    for await (const part of inParts(this.recordsOf(letters, options), atOnce)) {
      if (done > 0) await this.clock.sleep((atOnce / rate) * 1000);
      refused.push(...(await this.bus.publish(part)));
      done += part.length;
      onSent(done);
    }
    return refused;
  }

  /** Read once the alerts are known, since there may be millions of letters of others. */
  private async othersOfTheirAlerts(
    topic: string,
    chosen: readonly KnownLetter[],
    selected: readonly KnownLetter[],
  ): Promise<KnownLetter[]> {
    const now = this.clock.now();
    const names = new Set(chosen.map(({ name }) => name));
    const alerts = new Set(selected.flatMap(({ meaning }) => (meaning.ok ? [meaning.value.identity] : [])));
    const others: KnownLetter[] = [];
    if (alerts.size === 0) return others;
    await this.readLabels([topic], ({ name }, record) => {
      if (names.has(name)) return;
      const known = knownOf(record, now);
      if (known.meaning.ok && alerts.has(known.meaning.value.identity)) others.push(known);
    });
    return others;
  }

  private async opened(
    letter: KnownLetter | Letter,
    key: string | undefined,
    maxBytes: number | undefined,
  ): Promise<Candidate[]> {
    if (maxBytes === undefined || !('record' in letter) || !batchOf(letter.reason, letter.record)) return [letter];
    return candidatesIn(letter, await this.contentsOf(letter, maxBytes), (each) => isKey(each, key));
  }

  private async contentsOf({ record }: Letter, maxBytes: number): Promise<BatchContents> {
    return record.value ? this.bus.openBatch(record.value, maxBytes) : { records: [] };
  }

  /** The replays of these letters, in order; batches are opened again, so that one at a time is in memory. */
  private async *recordsOf(
    letters: readonly Candidate[],
    { maxBatchBytes = 0, pageAnew }: ReplayOptions,
  ): AsyncGenerator<ReplayRecord> {
    const repeated = (letter: Candidate, record: Pick<RecordInBatch, 'key' | 'value' | 'headers'>) =>
      replayOf(letter, record, { now: this.clock.now(), pageAnew });
    let open: Letter | undefined;
    let records = new Map<number, RecordInBatch>();
    for (const letter of letters) {
      if ('record' in letter) {
        yield repeated(letter, letter.record);
        continue;
      }
      if (!('batch' in letter)) continue;
      if (letter.batch !== open) {
        open = letter.batch;
        records = new Map((await this.contentsOf(open, maxBatchBytes)).records.map((each) => [each.offset, each]));
      }
      const record = records.get(letter.origin.offset ?? -1);
      if (record) yield repeated(letter, record);
    }
  }

  private async readLabels(topics: readonly string[], onLetter: (label: Label, record: StoredRecord) => void) {
    const now = this.clock.now();
    await this.bus.read(topics.map(deadLetterTopicOf), (record) => onLetter(labelOf(record, now), record));
  }
}

async function* inParts<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let part: Item[] = [];
  for await (const item of items) {
    part.push(item);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
