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
import { id, time } from './schema/fields.ts';
import { type Check, checkOf } from './schema/validator.ts';
import { isTraceparent } from './trace.ts';

const structured = 'application/cloudevents+json';

/** The maximum size of a value in bytes: a larger one is parked unread. */
export const maxValueBytes = 1024 * 1024;

/** Returns the JSON Schema of the whole event: the CloudEvents attributes and the card's value as `data`. */
export const eventSchemaOf = (card: TopicCard) =>
  Type.Object(
    {
      specversion: Type.Literal('1.0'),
      type: Type.Literal(card.eventType),
      source: id(512, 'URI reference of the producer.'),
      id: id(256, 'Unique within the source.'),
      time: Type.Optional(time('Time of the event.')),
      data: card.value,
    },
    { description: card.meaning },
  );

/** Encodes and decodes the events of a topic. */
export interface Contract<Data> {
  readonly card: TopicCard;
  /** Encodes an event in structured mode, with its attributes mirrored in headers. Does not validate. */
  encode(key: string, attributes: EventAttributes, data: Data): OutgoingRecord;
  /** Returns the record that deletes a key from a compacted topic. */
  tombstone(key: string): OutgoingRecord;
  /** Decodes structured or binary mode; never throws. A tombstone results in `null-value`, so check for it first. */
  decode(record: IncomingRecord): Decoded<Data>;
  /** Decodes only the data; does not access the headers of a record in structured mode. */
  dataOf(record: IncomingRecord): { readonly ok: true; readonly data: Data } | Unreadable;
}

export function contractOf<Value extends TSchema>(card: TopicCard<Value>): Contract<Static<Value>> {
  const check = checkOf(eventSchemaOf(card), { withBounds: !card.readUnbounded });
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
  // An event that was read without a time has the time '', which is omitted again.
  const value = {
    type,
    time: time || undefined,
    source,
    id,
    specversion: '1.0',
    datacontenttype: 'application/json',
    data,
  };
  // The headers that are equal in many records come first, so that the encoder of a batch can copy them.
  const headers: Record<string, string> = {
    'content-type': structured,
    ce_specversion: '1.0',
    ce_type: type,
    ce_source: source,
  };
  if (time) headers.ce_time = time;
  headers.ce_id = id;
  if (traceparent) headers.traceparent = traceparent;
  return { topic: card.topic, key, value: JSON.stringify(value), headers };
}

function decode<Data>(card: TopicCard, check: Check, record: IncomingRecord): Decoded<Data> {
  const read = checked<Data>(card, check, record);
  if (!read.ok) return read;
  const { id, source, type, time = '', data } = read.value;
  const traceparent = header(record.headers, 'traceparent');
  const event = { id, source, type, time, data };
  return { ok: true, event: traceparent && isTraceparent(traceparent) ? { ...event, traceparent } : event };
}

type Checked<Data> = Omit<Event<Data>, 'time'> & { readonly time?: string };

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
  const candidate = isWhole(json) ? json : withHeaders(record.headers, json);
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

const isWhole = (json: unknown): boolean => isRecord(json) && json.specversion === '1.0';

type Headers = IncomingRecord['headers'];

// The content type determines the mode, as the Kafka binding of CloudEvents specifies. A whole event without headers counts as
// structured mode, since people paste such events into a console producer.
function withHeaders(headers: Headers, json: unknown): unknown {
  if (header(headers, 'content-type')?.toLowerCase().startsWith('application/cloudevents')) return json;
  const specversion = header(headers, 'ce_specversion');
  if (specversion === undefined) return json;
  const time = header(headers, 'ce_time');
  return {
    specversion,
    type: header(headers, 'ce_type'),
    source: header(headers, 'ce_source'),
    id: header(headers, 'ce_id'),
    ...(time ? { time } : {}),
    data: json,
  };
}

// Kafka's header names are case-sensitive, but people type them in any case. The exact name takes precedence.
function header(headers: Headers, name: string): string | undefined {
  const value = headers[name] ?? headers[writtenAs(headers, name)];
  const first = Array.isArray(value) ? value[0] : value;
  return first?.toString();
}

function writtenAs(headers: Headers, name: string): string {
  for (const other in headers) if (other.toLowerCase() === name) return other;
  return name;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
