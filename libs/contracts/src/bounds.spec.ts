import { describe, expect, it } from '@jest/globals';
import { atBounds } from '@pagebridge/testing';
import fc from 'fast-check';
import { Type } from 'typebox';
import { cards, eventSchemaOf, type TopicCard } from './index.ts';
import { maxBytesOf } from './schema/max-bytes.ts';
import { checkOf } from './schema/validator.ts';
import { traceparentPattern } from './trace.ts';

type Node = Readonly<Record<string, unknown>>;
const bounds: Readonly<Record<string, readonly string[]>> = {
  string: ['maxLength'],
  array: ['maxItems'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
};

/** Returns the places in a schema that have no bound. */
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

/** The topics whose schema allows records that are too large for any reader; something else bounds them. */
const boundedElsewhere = [
  // A reader parks a value above `maxValueBytes` unread.
  'paging.alerts.v1',
  // The only producer checks the whole list.
  'paging.source-orgs.v1',
  // page-delivery limits the size of the pages of one alert.
  'paging.page-states.v1',
];
// Removes them from the text, since a replacer function would be called for each of a million items.
const bytesWithoutUnknown = (event: object) =>
  Buffer.byteLength(JSON.stringify(event).replaceAll(/,?"unknown":"u*"/g, ''));
// Below the default maximum of a broker, with room for key and headers.
const maxBytes = 1_000_000;

describe.each(cards.map((card): [string, TopicCard] => [card.topic, card]))('%s', (topic, card) => {
  it('bounds every text, list and number', () => {
    expect(unboundedIn(eventSchemaOf(card), '')).toEqual([]);
    expect(maxBytesOf(eventSchemaOf(card))).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('has a largest event that a broker accepts', () => {
    if (!boundedElsewhere.includes(topic)) expect(maxBytesOf(eventSchemaOf(card))).toBeLessThan(maxBytes);
  });

  it('accepts generated values at its bounds, which take no more bytes than computed', () => {
    const schema = eventSchemaOf(card);
    const check = checkOf(schema);
    fc.assert(
      fc.property(atBounds<object>(schema), (event) => {
        expect(check(event)).toBeUndefined();
        expect(bytesWithoutUnknown(event)).toBeLessThanOrEqual(maxBytesOf(schema));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the computed maximum size', () => {
  it.each([
    [Type.String(), Number.POSITIVE_INFINITY],
    [Type.Array(Type.Boolean()), Number.POSITIVE_INFINITY],
    [Type.Integer({ minimum: 0 }), Number.POSITIVE_INFINITY],
    [Type.Any(), Number.POSITIVE_INFINITY],
    [Type.String({ maxLength: 3 }), '"\\u0001\\u0001\\u0001"'.length],
    [Type.String({ maxLength: 36, format: 'uuid' }), 38],
    [Type.Literal('é'), 4],
  ])('of %j is %d', (schema, bytes) => expect(maxBytesOf(schema)).toBe(bytes));

  it('assumes the length of a trace context', () => {
    expect(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`).toMatch(new RegExp(traceparentPattern));
    expect(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`).toHaveLength(55);
  });
});
