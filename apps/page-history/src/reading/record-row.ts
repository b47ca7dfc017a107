import {
  Alerts,
  alertsCardOf,
  maxValueBytes,
  ownerOf,
  PageCommands,
  type PageOutcome,
  type StoredRecord,
} from '@pagebridge/contracts';
import { type Hop, hopOf } from '@pagebridge/trace';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { HistoryRecord, RecordKind } from '../rows/history-record.entity.ts';
import { ofFiring, ofPage } from './digests.ts';

/** A record as it came from Kafka. */
export type ReadRecord = StoredRecord & { readonly key: Buffer | null };

/** The row of a record before it is stored, with what the record says. */
export interface RecordRow extends Omit<HistoryRecord, 'id'> {
  /** Undefined for records about no alert. */
  readonly hop: Hop | undefined;
  /** The decoded original of a dead letter that a team was to be paged by. */
  readonly deadCommand: DeadCommand | undefined;
}

export type DeadCommand = Extract<Hop, { kind: 'page' }>['command'];

const dayMs = 24 * 60 * 60 * 1000;
export const dayOf = (at: Date): number => Math.floor(at.getTime() / dayMs);

const maxKeyBytes = 2200;
const structured = 'application/cloudevents+json';

/** Returns the time of a record in Kafka; at most `now`, since producers may write any time. */
export const timeIn = ({ timestamp }: Pick<ReadRecord, 'timestamp'>, now: Date): Date =>
  new Date(Math.min(Math.max(timestamp, 0), now.getTime()));

/** Returns the row of a record. */
export function rowOf(record: ReadRecord, now: Date): RecordRow {
  const { topic, partition, offset } = record;
  const at = timeIn(record, now);
  const place = { topic, partition, offset, at, day: dayOf(at) };
  const said = sayingOf(record);
  return {
    ...place,
    ...said,
    key: (record.key ?? Buffer.alloc(0)).subarray(0, maxKeyBytes),
    // One byte more than is ever decoded, so that it still reads as too large.
    value: record.value === null ? null : bytesOf(record.value).subarray(0, maxValueBytes + 1),
    headers: headersOf(record),
  };
}

type Said = Pick<RecordRow, 'kind' | 'sourceOrg' | 'subject' | 'eventId' | 'title' | 'hop' | 'deadCommand'>;

const about = (kind: RecordKind, sourceOrg: string, its: Partial<Said> = {}): Said => ({
  ...{ kind, sourceOrg, subject: null, eventId: null, title: null, hop: undefined, deadCommand: undefined },
  ...its,
});

function sayingOf(record: ReadRecord): Said {
  const hop = hopOf(record);
  switch (hop.kind) {
    case 'alert':
      return ofAlert(hop);
    case 'page':
    case 'resolve':
      return about(hop.kind, hop.command.sourceOrg, { hop, subject: ofFiring(hop.command) });
    case 'unrouted':
      return about(hop.kind, hop.unrouted.sourceOrg, { hop, subject: ofFiring(hop.unrouted) });
    case 'outcome':
      return about(hop.kind, hop.outcome.sourceOrg, { hop, subject: ofPage(hop.outcome), title: titleOf(hop.outcome) });
    case 'report':
      return about(hop.kind, hop.report.sourceOrg, { hop, title: `${hop.report.reportedBy} ${hop.report.kind}` });
    case 'dead-letter':
      return ofDeadLetter(record, hop);
    case 'unreadable':
      return about(hop.kind, '', { hop });
  }
}

const titleOf = ({ outcome, reason }: PageOutcome): string => [outcome, ...(reason ? [reason] : [])].join(' ');

function ofAlert(hop: Extract<Hop, { kind: 'alert' }>): Said {
  const { sourceOrg, alertKey, transition, title, occurredAt } = hop.alert;
  const owner = ownerOf(hop.topic);
  // Nobody may write alerts of another org: page-routing makes it a dead letter.
  if (owner !== undefined && owner !== sourceOrg) return about('unreadable', '', { hop });
  const { eventId } = hop;
  const subject = ofFiring({ sourceOrg, alertKey, alertEventId: eventId, occurredAt });
  return about(transition === 'recovered' ? 'recovery' : 'alert', sourceOrg, { hop, title, eventId, subject });
}

function ofDeadLetter(record: ReadRecord, hop: Hop): Said {
  const topic = record.topic.slice(0, -deadLetterTopicOf('').length);
  // Key, value and headers of a consumed record are decoded on access, and a copy by spread syntax lacks them.
  const { key, value, headers } = record;
  const original = { key, value, headers, topic };
  const owner = ownerOf(topic);
  if (alertsCardOf(topic)) {
    const read = Alerts.dataOf(original);
    const isOwn = read.ok && (owner ?? read.data.sourceOrg) === read.data.sourceOrg;
    return about('dead-letter', isOwn ? read.data.sourceOrg : '', { hop, title: isOwn ? read.data.title : null });
  }
  const read = topic === PageCommands.card.topic ? PageCommands.dataOf(original) : undefined;
  if (!read?.ok) return about('dead-letter', '', { hop });
  if (read.data.kind !== 'page') return about('dead-letter', read.data.sourceOrg, { hop });
  return about('dead-letter', read.data.sourceOrg, { hop, title: read.data.title, deadCommand: read.data });
}

const bytesOf = (value: Buffer | string): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);

/** Returns the headers; without those that repeat what a structured event says itself. */
function headersOf({ headers }: ReadRecord): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name, textOf(value)] as const);
  const isStructured = all.some(([name, text]) => name === 'content-type' && text === structured);
  return Object.fromEntries(isStructured ? all.filter(([name]) => !name.startsWith('ce_')) : all);
}

function textOf(value: ReadRecord['headers'][string]): string {
  const [first] = [value].flat();
  if (first === undefined || first === null) return '';
  return typeof first === 'string' ? first : first.toString('latin1');
}

/** Returns the record that a row holds. */
export function storedRecordOf(row: HistoryRecord): ReadRecord {
  const { topic, partition, offset, at, key, value } = row;
  const headers = Object.entries(row.headers).map(([name, text]) => [name, Buffer.from(text, 'latin1')]);
  return { topic, partition, offset, timestamp: at.getTime(), key, value, headers: Object.fromEntries(headers) };
}
