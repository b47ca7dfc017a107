/** The CloudEvents 1.0 attributes that every record carries, in the value and mirrored in `ce_*` headers. */
export interface EventAttributes {
  /** Unique within `source`. */
  readonly id: string;
  /** The producer: `/pagebridge/page-routing`, or a URI reference of its own. */
  readonly source: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** W3C trace context of this hop; travels as a header only. */
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

/** The parts of a consumed record that are read. Values and header values are bytes or text. */
export interface IncomingRecord {
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, IncomingHeader>>;
}

/** A header may have no value, as some clients write it, or several. */
export type IncomingHeader = Buffer | string | null | undefined | (Buffer | string | null)[];

export const unreadableReasons = [
  'null-value',
  'too-large',
  'not-json',
  'not-a-cloudevent',
  'wrong-type',
  'schema-violation',
] as const;
/** Why a record cannot be read: the reason of its dead letter. */
export type UnreadableReason = (typeof unreadableReasons)[number];

export interface Unreadable {
  readonly ok: false;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

export type Decoded<Data> = { readonly ok: true; readonly event: Event<Data> } | Unreadable;
