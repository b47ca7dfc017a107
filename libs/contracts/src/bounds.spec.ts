import { describe, expect, it } from '@jest/globals';
import { atBounds } from '@pagebridge/testing';
import fc from 'fast-check';
import { Type } from 'typebox';
import { cards, eventSchemaOf, type TopicCard } from './index.ts';
import { mostBytesOf } from './schema/most-bytes.ts';
import { checkOf } from './schema/validator.ts';
import { traceparentPattern } from './trace.ts';

type Node = Readonly<Record<string, unknown>>;
const bounds: Readonly<Record<string, readonly string[]>> = {
  string: ['maxLength'],
  array: ['maxItems'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
};

/** The places in a schema that something of any size can take. */
function unboundedIn(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const schema = node as Node;
  const isOneOfFew = 'const' in schema || 'enum' in schema;
  const missing = isOneOfFew ? [] : (bounds[String(schema.type)] ?? []).filter((bound) => !(bound in schema));
  return [
    ...missing.map((bound) => `${path} has no ${bound}`),
    ...Object.entries(schema).flatMap(([name, inner]) => unboundedIn(inner, `${path}/${name}`)),
  ];
}

/** The topics of which one record at the bounds of its schema is too large for any reader, with what bounds them instead. */
const boundedElsewhere = [
  // A reader parks what is over `maxValueBytes` unread.
  'paging.alerts.v1',
  // Its one writer checks the whole list.
  'paging.source-orgs.v1',
  // Delivery's room for the pages of one alert.
  'paging.page-states.v1',
];
// By its text: a replacer would be asked for each of a million items.
const bytesWithoutUnknown = (event: object) =>
  Buffer.byteLength(JSON.stringify(event).replaceAll(/,?"unknown":"u*"/g, ''));
// Of what a broker takes by default, with key and headers.
const mostBytes = 1_000_000;

describe.each(cards.map((card): [string, TopicCard] => [card.topic, card]))('%s', (topic, card) => {
  it('bounds every text, list and number', () => {
    expect(unboundedIn(eventSchemaOf(card), '')).toEqual([]);
    expect(mostBytesOf(eventSchemaOf(card))).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('has room for its largest event', () => {
    if (!boundedElsewhere.includes(topic)) expect(mostBytesOf(eventSchemaOf(card))).toBeLessThan(mostBytes);
  });

  it('holds whatever is drawn at its bounds, in no more bytes than are reckoned', () => {
    const schema = eventSchemaOf(card);
    const check = checkOf(schema);
    fc.assert(
      fc.property(atBounds<object>(schema), (event) => {
        expect(check(event)).toBeUndefined();
        expect(bytesWithoutUnknown(event)).toBeLessThanOrEqual(mostBytesOf(schema));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the reckoning of bytes', () => {
  it.each([
    [Type.String(), Number.POSITIVE_INFINITY],
    [Type.Array(Type.Boolean()), Number.POSITIVE_INFINITY],
    [Type.Integer({ minimum: 0 }), Number.POSITIVE_INFINITY],
    [Type.Any(), Number.POSITIVE_INFINITY],
    [Type.String({ maxLength: 3 }), '"\\u0001\\u0001\\u0001"'.length],
    [Type.String({ maxLength: 36, format: 'uuid' }), 38],
    [Type.Literal('é'), 4],
  ])('of %j is %d', (schema, bytes) => expect(mostBytesOf(schema)).toBe(bytes));

  it('knows the longest trace context', () => {
    expect(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`).toMatch(new RegExp(traceparentPattern));
    expect(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`).toHaveLength(55);
  });
});
