import { type Static, type TSchema, Type } from 'typebox';
import type { TopicCard } from './card.ts';
import type {
  Decoded,
  Event,
  EventAttributes,
  IncomingRecord,
  OutgoingRecord,
  Unreadable,
  UnreadableReason,
} from './event.ts';
import { type Check, checkOf } from './validator.ts';

const structured = 'application/cloudevents+json';

/** The largest value that is read: anything above is parked unread. In bytes. */
export const maxValueBytes = 1024 * 1024;

/** The whole record as JSON Schema: CloudEvents attributes around the card's value. */
export const eventSchemaOf = (card: TopicCard) =>
  Type.Object(
    {
      specversion: Type.Literal('1.0'),
      type: Type.String({ description: `\`${card.eventType}\`` }),
      source: Type.String({ minLength: 1, maxLength: 512, description: 'URI reference of who says it.' }),
      id: Type.String({ minLength: 1, maxLength: 256, description: 'Unique within the source.' }),
      time: Type.Optional(Type.String({ format: 'date-time' })),
      data: card.value,
    },
    { description: card.meaning },
  );

/** How a topic's events are written and read. */
export interface Contract<Data> {
  readonly card: TopicCard;
  /** Writes an event in structured mode, its attributes mirrored in headers. Does not check: types and tests do. */
  encode(key: string, attributes: EventAttributes, data: Data): OutgoingRecord;
  /** The record that deletes a key from a compacted topic. */
  tombstone(key: string): OutgoingRecord;
  /** Reads structured or binary mode; never throws. A tombstone is `null-value`, so test for it first. */
  decode(record: IncomingRecord): Decoded<Data>;
  /** The same for who wants the data alone: of a record in structured mode it does not read the headers. */
  dataOf(record: IncomingRecord): { readonly ok: true; readonly data: Data } | Unreadable;
}

export function contractOf<Value extends TSchema>(card: TopicCard<Value>): Contract<Static<Value>> {
  const check = checkOf(eventSchemaOf(card));
  return {
    card,
    encode: (key, attributes, data) => encode(card, key, attributes, data),
    tombstone: (key) => ({ topic: card.topic, key, value: null, headers: {} }),
    decode: (record) => decode<Static<Value>>(card, check, record),
    dataOf: (record) => {
      const read = checked<Static<Value>>(card, check, record);
      return read.ok ? { ok: true, data: read.value.data } : read;
    },
  };
}

function encode(card: TopicCard, key: string, attributes: EventAttributes, data: unknown): OutgoingRecord {
  const { id, source, time, traceparent } = attributes;
  const type = card.eventType;
  const value = { type, time, source, id, specversion: '1.0', datacontenttype: 'application/json', data };
  // What many records have in common comes first: the encoder of a batch writes it once and copies it.
  const headers: Record<string, string> = {
    'content-type': structured,
    ce_specversion: '1.0',
    ce_type: type,
    ce_source: source,
    ce_time: time,
    ce_id: id,
  };
  if (traceparent) headers.traceparent = traceparent;
  return { topic: card.topic, key, value: JSON.stringify(value), headers };
}

function decode<Data>(card: TopicCard, check: Check, record: IncomingRecord): Decoded<Data> {
  const read = checked<Data>(card, check, record);
  if (!read.ok) return read;
  const { id, source, type, time = '', data } = read.value;
  const traceparent = header(record, 'traceparent');
  return { ok: true, event: { id, source, type, time, data, ...(traceparent ? { traceparent } : {}) } };
}

type Checked<Data> = Omit<Event<Data>, 'time'> & { readonly time?: string };

/** The event as it was written, once it fits its card. */
function checked<Data>(
  card: TopicCard,
  check: Check,
  record: IncomingRecord,
): { readonly ok: true; readonly value: Checked<Data> } | Unreadable {
  const { value } = record;
  if (value === null) return unreadable('null-value', 'the record has no value; write a CloudEvent as JSON');
  const bytes = Buffer.byteLength(value);
  if (bytes > maxValueBytes) {
    return unreadable('too-large', `the value has ${bytes} bytes, at most ${maxValueBytes} are read`);
  }
  const json = parse(value);
  if (json === undefined) return unreadable('not-json', 'the value is not JSON; write one CloudEvent as UTF-8 JSON');
  const candidate = isBinaryMode(record, json) ? fromHeaders(record, json) : json;
  if (!isRecord(candidate) || candidate.specversion !== '1.0') {
    return unreadable('not-a-cloudevent', `neither a CloudEvents 1.0 value nor ce_* headers; send ${card.eventType}`);
  }
  if (candidate.type !== card.eventType) {
    return unreadable('wrong-type', `type must be ${card.eventType} on ${card.topic}`);
  }
  const complaint = check(candidate);
  if (complaint) return unreadable('schema-violation', complaint);
  return { ok: true, value: candidate as unknown as Checked<Data> };
}

const unreadable = (reason: UnreadableReason, detail: string) => ({ ok: false, reason, detail }) as const;

function parse(value: Buffer | string): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}

// The content type decides, as the Kafka binding says; a whole event without headers is taken for what it is, since
// that is what people paste into a producer on a console.
function isBinaryMode(record: IncomingRecord, json: unknown): boolean {
  if (isRecord(json) && json.specversion === '1.0') return false;
  if (header(record, 'content-type')?.toLowerCase().startsWith('application/cloudevents')) return false;
  return header(record, 'ce_specversion') !== undefined;
}

function fromHeaders(record: IncomingRecord, data: unknown): Record<string, unknown> {
  const time = header(record, 'ce_time');
  return {
    specversion: header(record, 'ce_specversion'),
    type: header(record, 'ce_type'),
    source: header(record, 'ce_source'),
    id: header(record, 'ce_id'),
    ...(time ? { time } : {}),
    data,
  };
}

// By its own name first: Kafka's header names have a case, but people who type them do not mind it.
function header({ headers }: IncomingRecord, name: string): string | undefined {
  const value = headers[name] ?? headers[Object.keys(headers).find((other) => other.toLowerCase() === name) ?? name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
