import {
  Alerts,
  alertsCardOf,
  cards,
  headerText,
  PageCommands,
  type RecordPlace,
  replayedFrom,
  type TopicCard,
} from '@pagebridge/contracts';
import { deadLetterHeaders, deadLetterTopicOf, placeOf } from '@pagebridge/vocabulary';
import type { Bus } from '../kafka-bus.ts';
import { batchOf, describeBatch } from './batch.ts';
import { meaningOf, type Reading } from './meaning.ts';
import { countIn, fingerprintOf, type StoredRecord, seenAt } from './record.ts';
import { describeStub, stubOf } from './stub.ts';

/** The headers of a dead letter, and its place. */
export interface Label {
  /** `<dead-letter topic>/<partition>/<offset>`; a record of a batch appends `#<its offset>`. */
  readonly name: string;
  readonly place: RecordPlace;
  /** The topic from which the record was parked. */
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly failedAt: number;
  /** The partition and offset of the original. */
  readonly origin: { readonly partition: number | undefined; readonly offset: number | undefined };
}

/** A dead letter without its bytes. */
export interface KnownLetter extends Label {
  readonly meaning: Reading;
  /** A hash of key and value. */
  readonly fingerprint: string;
  /** The original already carries a replay mark with the name of this letter: its producer guessed the place. */
  readonly claimsToBeReplayed: boolean;
}

/** A dead letter with its bytes. */
export interface Letter extends KnownLetter {
  readonly record: StoredRecord;
  readonly detail: string;
}

const sources = cards.filter((card) => card.deadLetter);

/** The topics that have dead letters, and those to which dead letters can be replayed. */
export const deadLetterSources: readonly string[] = sources.map((card) => card.topic);
export const replayableTopics: readonly string[] = [Alerts.card.topic, PageCommands.card.topic];

const dead = deadLetterTopicOf('');

function sourceOf(topic: string): TopicCard | undefined {
  const name = topic.endsWith(dead) ? topic.slice(0, -dead.length) : '';
  return alertsCardOf(name) ?? sources.find((card) => card.topic === name);
}

export function labelOf(record: StoredRecord, now: Date): Label {
  const { topic, partition, offset } = record;
  const failedAt = Date.parse(headerText(record, deadLetterHeaders.failedAt) ?? '');
  const source = sourceOf(topic);
  return {
    name: placeOf(record),
    place: { topic, partition, offset },
    topic: source?.topic ?? topic,
    key: record.key?.toString('utf8') ?? '',
    reason: headerText(record, deadLetterHeaders.reason) ?? 'unknown',
    failedAt: Number.isNaN(failedAt) ? seenAt(record, now) : failedAt,
    origin: { partition: originIn(record, source?.partitions), offset: countIn(record, deadLetterHeaders.offset) },
  };
}

// Any producer may write the header. A record for a missing partition would block the publisher.
function originIn(record: StoredRecord, partitions = 0): number | undefined {
  const partition = countIn(record, deadLetterHeaders.partition);
  return partition !== undefined && partition < partitions ? partition : undefined;
}

/** Compares by topic and partition, then by offset, then by the offset inside a batch. */
export const inOrder = (a: Label, b: Label): number =>
  a.place.topic.localeCompare(b.place.topic) ||
  a.place.partition - b.place.partition ||
  a.place.offset - b.place.offset ||
  (a.origin.offset ?? 0) - (b.origin.offset ?? 0);

/** Reads the dead letters of these topics. */
export const readLabels = (
  bus: Pick<Bus, 'read'>,
  topics: readonly string[],
  now: Date,
  onLetter: (label: Label, record: StoredRecord) => void,
): Promise<void> => bus.read(topics.map(deadLetterTopicOf), (record) => onLetter(labelOf(record, now), record));

export const letterOf = (record: StoredRecord, now: Date): Letter => withBytes(knownOf(record, now), record);

export const withBytes = (known: KnownLetter, record: StoredRecord): Letter => ({
  ...known,
  record: copied(record),
  detail: headerText(record, deadLetterHeaders.detail) ?? '',
});

export function knownOf(record: StoredRecord, now: Date): KnownLetter {
  const label = labelOf(record, now);
  const { headers } = record;
  return {
    ...label,
    meaning: readingOf(record, label),
    fingerprint: fingerprintOf(record),
    claimsToBeReplayed: replayedFrom({ topic: label.topic, value: null, headers }) === label.name,
  };
}

function readingOf(record: StoredRecord, label: Label): Reading {
  const stub = stubOf(record, label);
  if (stub) return { ok: false, as: 'stub', why: describeStub(stub) };
  const batch = batchOf(label.reason, record);
  if (batch) return { ok: false, as: 'batch', why: describeBatch(batch) };
  return meaningOf(label.topic, record, label.failedAt);
}

// kafkajs returns a view of the whole fetch response; the copy lets the response be garbage-collected.
function copied({ topic, partition, offset, timestamp, key, value, headers }: StoredRecord): StoredRecord {
  const own = (bytes: Buffer | string | null | undefined) => Buffer.from(bytes ?? '');
  const owned = Object.entries(headers).map(([name, held]) => [name, Array.isArray(held) ? held.map(own) : own(held)]);
  return {
    ...{ topic, partition, offset, timestamp, headers: Object.fromEntries(owned) },
    ...{ key: key && own(key), value: value && own(value) },
  };
}
