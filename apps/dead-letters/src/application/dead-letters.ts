import { randomUUID } from 'node:crypto';
import { Alerts, PageCommands, PageStates } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import {
  type BatchContents,
  batchOf,
  type Candidate,
  candidatesIn,
  type RecordInBatch,
  waitingIn,
} from '../domain/batch.ts';
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
import { isOfFlood, stubOf } from '../domain/stub.ts';
import { type Group, Summary } from '../domain/summary.ts';
import type { Bus, Clock, Refused } from './ports.ts';
import { replayAuditOf } from './replay-audit.ts';

export interface ReplayOptions extends Pick<ForecastOptions, 'pageAnew'> {
  /** The maximum number of decompressed bytes of a parked batch; undefined leaves parked batches closed. */
  readonly maxBatchBytes: number | undefined;
}

const publishesPerSecond = 10;
const mostAtOnce = 1000;

/** Finds dead letters, previews a replay, and sends it. */
export class DeadLetters {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    /** The reopen age of page-delivery: a trigger that is this much younger than an open page creates a new page. */
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

  /** Returns the first `limit` selected dead letters of these topics, and how many are selected in total. */
  async find(topics: readonly string[], selection: Selection, limit: number) {
    const perPartition = new Map<string, number>();
    const letters: Letter[] = [];
    let found = 0;
    const now = this.clock.now();
    await this.readLabels(topics, (label, record) => {
      if (!isSelected(label, selection)) return;
      found += 1;
      // The partitions are sorted, so at most `limit` letters of each partition can be among the first.
      const partition = `${record.topic}/${record.partition}`;
      const kept = perPartition.get(partition) ?? 0;
      if (kept === limit) return;
      perPartition.set(partition, kept + 1);
      letters.push(letterOf(record, now));
    });
    return { letters: letters.toSorted(inOrder).slice(0, limit), found };
  }

  /**
   * Plans the replay of the selected dead letters of a topic; sends nothing.
   *
   * The plan keeps the bytes of the selected letters that can be decoded. Of other letters of the same alerts it keeps
   * labels and meanings only.
   */
  async preview(topic: string, selection: Selection, options: ReplayOptions): Promise<Planned[]> {
    const now = this.clock.now();
    const { key, ...withoutKey } = selection;
    const chosen: (KnownLetter | Letter)[] = [];
    await this.readLabels([topic], (label, record) => {
      // A parked batch or stub has no key of a record. The key selects among its records once it is open.
      const isOpened = isOpen(label, record, options.maxBatchBytes);
      if (!isSelected(label, isOpened ? withoutKey : selection)) return;
      const known = knownOf(record, now);
      chosen.push(isOpened || known.meaning.ok ? withBytes(known, record) : known);
    });
    if (chosen.length === 0) return [];
    const opened: Candidate[][] = [];
    // Batches are opened one after the other, to bound the memory.
    for (const letter of chosen) opened.push(await this.opened(letter, key, options.maxBatchBytes));
    const selected = opened.flat();
    const all = [...selected, ...(await this.othersOfTheirAlerts(topic, chosen, selected))];
    const history = new History(selected, all, now);
    // This read follows that of the dead letters, so that it includes every replay that was sent before this run.
    await this.bus.read(
      // The alert of a letter from an org's own topic may have recovered through the shared topic.
      [...new Set([...[Alerts, PageCommands, PageStates].map(({ card }) => card.topic), topic])],
      (record) => history.take(record),
    );
    const { reopenAfterMs } = this;
    return plan(selected, all, history, { pageAnew: options.pageAnew, reopenAfterMs }, now);
  }

  /**
   * Writes the run to the audit, then sends the planned replays in order, at most `rate` a second.
   *
   * `onSent` receives the number sent so far. Resolves to the replays that Kafka refuses permanently. If the process dies,
   * the next preview skips what was sent: each replay carries the name of its dead letter.
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

  /** Reads the topic again, now that the alerts are known: other alerts may have millions of letters. */
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
    if (!('record' in letter) || !isOpen(letter, letter.record, maxBytes)) return [letter];
    const contents = await this.contentsOf(letter, maxBytes);
    // The topic may not keep the originals of a stub any more.
    return contents.records.length > 0 ? candidatesIn(letter, contents, (each) => isKey(each, key)) : [letter];
  }

  private async contentsOf(letter: Letter, maxBytes = 0): Promise<BatchContents> {
    const { record, origin } = letter;
    if (record.value) return this.bus.openBatch(record.value, maxBytes);
    const stub = stubOf(record, letter);
    if (!stub) return { records: [] };
    return { records: await this.bus.readRange(letter.topic, origin.partition ?? 0, stub.first, stub.last) };
  }

  /** Yields the replays of these letters, in order. Opens each batch again, so that only one is in memory. */
  private async *recordsOf(
    letters: readonly Candidate[],
    { maxBatchBytes, pageAnew }: ReplayOptions,
  ): AsyncGenerator<ReplayRecord> {
    const replayFor = (letter: Candidate, record: Pick<RecordInBatch, 'key' | 'value' | 'headers'>) =>
      replayOf(letter, record, { now: this.clock.now(), pageAnew });
    let open: Letter | undefined;
    let records = new Map<number, RecordInBatch>();
    for (const letter of letters) {
      if ('record' in letter) {
        yield replayFor(letter, letter.record);
        continue;
      }
      if (!('batch' in letter)) continue;
      if (letter.batch !== open) {
        open = letter.batch;
        const contents = await this.contentsOf(open, maxBatchBytes);
        records = new Map(waitingIn(open, contents.records).map((each) => [each.offset, each]));
      }
      const record = records.get(letter.origin.offset ?? -1);
      if (record) yield replayFor(letter, record);
    }
  }

  private async readLabels(topics: readonly string[], onLetter: (label: Label, record: StoredRecord) => void) {
    const now = this.clock.now();
    await this.bus.read(topics.map(deadLetterTopicOf), (record) => onLetter(labelOf(record, now), record));
  }
}

/** Returns whether the records of a dead letter are replayed one by one. */
const isOpen = (label: Label, record: StoredRecord, maxBatchBytes: number | undefined): boolean =>
  isOfFlood(record, label) || (maxBatchBytes !== undefined && batchOf(label.reason, record) !== undefined);

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
