import type { DeadLetterReason } from '@pagebridge/vocabulary';
/** The CloudEvents 1.0 attributes of every record, in the value and mirrored in `ce_*` headers. */
export interface EventAttributes {
  /** Unique within `source`. */
  readonly id: string;
  /** The producer: a service as `/pagebridge/page-routing`, or another URI reference. */
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** W3C trace context of this hop; only sent as a header. */
  readonly traceparent?: string;
}

export interface Event<Data> extends EventAttributes {
  readonly type: string;
  readonly data: Data;
}

/** A record ready to be produced; a null value is a tombstone. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The parts of a consumed record that are decoded. The value and header values are bytes or text. */
export interface IncomingRecord {
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, IncomingHeader>>;
}

/** The position of a record. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A record of a topic, with its position. */
export interface StoredRecord extends IncomingRecord, RecordPlace {
  /** Milliseconds since 1970; producers may write any number. */
  readonly timestamp: number;
}

/** The value of a header; some clients write headers without a value, or with several values. */
export type IncomingHeader = Buffer | string | null | undefined | (Buffer | string | null)[];

export const unreadableReasons = [
  'null-value',
  'too-large',
  'not-json',
  'not-a-cloudevent',
  'wrong-type',
  'schema-violation',
] as const satisfies readonly DeadLetterReason[];
/** Why a record cannot be read; also the reason in its dead letter. */
export type UnreadableReason = (typeof unreadableReasons)[number];

export interface Unreadable {
  readonly ok: false;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

export type Decoded<Data> = { readonly ok: true; readonly event: Event<Data> } | Unreadable;
