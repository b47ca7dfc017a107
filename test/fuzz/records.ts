import {
  type Contract,
  eventSchemaOf,
  forceNewPageHeader,
  ownerEpochHeader,
  possibleDuplicateHeader,
  replayedAtHeader,
  replayedFromHeader,
  type TopicCard,
} from '@pagebridge/contracts';
import { atBounds } from '@pagebridge/testing';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { anyJson, bytesOf, spoiled } from './json.ts';

type Header = Buffer | string | null | undefined | (Buffer | string | null)[];
export type Headers = Readonly<Record<string, Header>>;

const time = '2026-01-31T12:00:00Z';
const headerNames = [
  'content-type',
  'Content-Type',
  'ce_specversion',
  'ce_type',
  'ce_source',
  'ce_id',
  'ce_time',
  'traceparent',
  ownerEpochHeader,
  replayedFromHeader,
  replayedAtHeader,
  forceNewPageHeader,
  possibleDuplicateHeader,
  ...Object.values(deadLetterHeaders),
  '__proto__',
  '',
];
const headerTexts = [
  '',
  '1.0',
  'application/cloudevents+json',
  'com.pagebridge.alert.v1',
  'true',
  '7',
  '-1',
  '1e400',
  '9'.repeat(400),
  time,
  'paging.alerts.v1.dead/0/7',
  'paging.page-commands.v1.dead/0/7#3',
  'undecodable-batch',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'x'.repeat(1_000_000),
];
const headerValue = fc.oneof(
  fc.constantFrom<string | null>(...headerTexts, null),
  fc.constantFrom(...headerTexts).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);
const headerName = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...headerNames) }, fc.string({ unit: 'binary' }));

const repeatedHeader = fc.oneof(
  { weight: 9, arbitrary: fc.array(headerValue, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 2_000 }, () => null)) },
);

/** Headers as any producer may write them: null, repeated, not UTF-8, a megabyte long. */
export const hostileHeaders: fc.Arbitrary<Headers> = fc
  .array(fc.tuple(headerName, fc.oneof<fc.Arbitrary<Header>[]>(headerValue, repeatedHeader)), {
    maxLength: 8,
  })
  // `__proto__` must become an ordinary name.
  .map((pairs) => Object.fromEntries(pairs));

/** Valid data of a topic at the bounds of its card, except the longest lists, which take long to draw. */
export const dataOf = <Data>({ card }: Contract<Data>): fc.Arbitrary<Data> =>
  atBounds<Data>(withShortLists(card.value));

interface Schema {
  readonly maxItems?: number;
  readonly items?: { readonly properties?: object };
}

function withShortLists<Whole>(schema: Whole): Whole {
  return JSON.parse(JSON.stringify(schema), (_name, part: Schema) =>
    part?.maxItems === undefined
      ? part
      : { ...part, maxItems: Math.min(part.maxItems, part.items?.properties ? 3 : 300) },
  );
}

/** Values of a topic: valid, mutated, any JSON, any bytes, or null. */
export const anyValue = (card: TopicCard): fc.Arbitrary<Buffer | null> => {
  const whole = atBounds<Record<string, unknown>>(withShortLists(eventSchemaOf(card)));
  return fc.oneof(
    { weight: 4, arbitrary: bytesOf(spoiled(whole)) },
    { weight: 2, arbitrary: bytesOf(spoiled(whole.map(({ data }) => data))) },
    { weight: 1, arbitrary: bytesOf(anyJson) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constantFrom(null, Buffer.alloc(0), Buffer.alloc(2 * 1024 * 1024, '1')) },
  );
};

const keys = ['acme-us/cpu', 'acme-us', '/', '', 'acme-us/\u0000', '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11/team'];
export const anyKey: fc.Arbitrary<Buffer | null> = fc.oneof(
  fc.constantFrom(null, ...keys.map((key) => Buffer.from(key)), Buffer.from('ff', 'hex')),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

/** Offsets and times that a batch may contain. */
export const anyNumber = fc.oneof(
  fc.constantFrom(0, 1, -1, 7, 1_700_000_000_000, 8.64e15, 8.64e15 + 1, 2 ** 53, -(2 ** 63), 2 ** 63),
  fc.integer(),
);

/** A record of a topic, as a consumer reads it. */
export const recordOf = (topic: string, card: TopicCard) =>
  fc.record({
    topic: fc.constant(topic),
    partition: fc.constantFrom(0, 1),
    offset: fc.nat(20),
    timestamp: anyNumber,
    key: anyKey,
    value: anyValue(card),
    headers: hostileHeaders,
  });
