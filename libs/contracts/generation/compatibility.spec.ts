import { describe, expect, it } from '@jest/globals';
import { incompatibilities, type Lock, type LockedTopic, type Schema } from './compatibility.ts';

const text: Schema = { type: 'string', minLength: 1, maxLength: 10, description: 'Words.' };
const value: Schema = {
  type: 'object',
  required: ['org', 'state'],
  properties: {
    org: { type: 'string', pattern: '^[a-z]+$' },
    state: { type: 'string', enum: ['on', 'off'] },
    note: text,
    tags: { type: 'array', maxItems: 8, items: text },
    at: { type: 'string', format: 'date-time' },
    age: { type: 'integer', minimum: 0 },
    origin: { type: 'object', required: ['id'], properties: { id: text } },
  },
};
const union: Schema = {
  type: 'object',
  oneOf: [
    { type: 'object', required: ['kind'], properties: { kind: { const: 'page' }, urgency: text } },
    { type: 'object', required: ['kind'], properties: { kind: { const: 'resolve' } } },
  ],
};
const lock = (schema: Schema, over: Partial<LockedTopic> = {}): Lock => ({
  'paging.facts.v1': { eventType: 'fact', key: '<org>', cleanup: 'delete', partitions: 12, value: schema, ...over },
});
const withField = (name: string, schema: Schema): Schema => ({
  ...value,
  properties: { ...value.properties, [name]: { ...value.properties?.[name], ...schema } },
});
const without = (name: string): Schema => {
  const { [name]: _, ...properties } = value.properties ?? {};
  return { ...value, properties, required: (value.required ?? []).filter((field) => field !== name) };
};

describe('incompatibilities', () => {
  it.each([
    ['nothing', value],
    ['a new optional field', withField('extra', { type: 'string', minLength: 5 })],
    ['a wider enum', withField('state', { enum: ['on', 'off', 'unknown'] })],
    ['a looser length', withField('note', { minLength: 0, maxLength: 20 })],
    ['another description', withField('note', { description: 'More words.' })],
    ['more items', withField('tags', { maxItems: 9 })],
  ])('allows %s', (_what, after) => {
    expect(incompatibilities(lock(value), lock(after))).toEqual([]);
  });

  it.each<[string, Schema, string]>([
    ['a removed field', without('note'), 'data.note is gone'],
    ['a new required field', { ...withField('x', text), required: ['org', 'state', 'x'] }, 'data.x is newly required'],
    ['a field made required', { ...value, required: ['org', 'state', 'note'] }, 'data.note is newly required'],
    [
      'a field made optional',
      { ...value, required: ['org'] },
      'data.state is no longer required, but older readers need it',
    ],
    ['a narrowed enum', withField('state', { enum: ['on'] }), 'data.state: no longer allows off'],
    ['a new enum', withField('note', { enum: ['a'] }), 'data.note: enum changed from nothing to ["a"]'],
    ['another type', withField('age', { type: 'number' }), 'data.age: type changed from "integer" to "number"'],
    ['a shorter text', withField('note', { maxLength: 9 }), 'data.note: maxLength tightened from 10 to 9'],
    ['a longer minimum', withField('note', { minLength: 2 }), 'data.note: minLength tightened from 1 to 2'],
    ['a new bound', withField('age', { maximum: 9 }), 'data.age: maximum tightened from nothing to 9'],
    ['fewer items', withField('tags', { maxItems: 7 }), 'data.tags: maxItems tightened from 8 to 7'],
    ['another pattern', withField('org', { pattern: '^a' }), 'data.org: pattern changed from "^[a-z]+$" to "^a"'],
    ['a new pattern', withField('note', { pattern: '^a' }), 'data.note: pattern changed from nothing to "^a"'],
    ['a new format', withField('note', { format: 'uuid' }), 'data.note: format changed from nothing to "uuid"'],
    [
      'a tighter item',
      withField('tags', { items: { ...text, maxLength: 5 } }),
      'data.tags[]: maxLength tightened from 10 to 5',
    ],
    ['a removed inner field', withField('origin', { required: [], properties: {} }), 'data.origin.id is gone'],
    [
      'a closed object',
      { ...value, additionalProperties: false },
      'data: additionalProperties changed from nothing to false',
    ],
  ])('refuses %s, naming topic and field', (_what, after, complaint) => {
    expect(incompatibilities(lock(value), lock(after))).toEqual([`paging.facts.v1: ${complaint}`]);
  });

  it('allows a new kind, and refuses a lost or changed one', () => {
    const [page, resolve] = union.oneOf as [Schema, Schema];
    const fresh = { type: 'object', properties: { kind: { const: 'mute' } } };
    expect(incompatibilities(lock(union), lock({ ...union, oneOf: [resolve, page, fresh] }))).toEqual([]);
    expect(incompatibilities(lock(union), lock({ ...union, oneOf: [page] }))).toEqual([
      'paging.facts.v1: data: kind resolve is gone',
    ]);
    const changed = { ...page, properties: { ...page.properties, urgency: { ...text, maxLength: 1 } } };
    expect(incompatibilities(lock(union), lock({ ...union, oneOf: [changed, resolve] }))).toEqual([
      'paging.facts.v1: data(page).urgency: maxLength tightened from 10 to 1',
    ]);
  });

  it.each([
    ['key', '<id>', 'key changed from <org> to <id>'],
    ['partitions', 24, 'partitions changed from 12 to 24'],
    ['cleanup', 'compact', 'cleanup changed from delete to compact'],
    ['eventType', 'truth', 'eventType changed from fact to truth'],
  ])('refuses another %s', (property, now, complaint) => {
    expect(incompatibilities(lock(value), lock(value, { [property]: now }))).toEqual([`paging.facts.v1: ${complaint}`]);
  });

  it('refuses a topic that is gone, allows a new one', () => {
    expect(incompatibilities(lock(value), {})).toEqual([
      'paging.facts.v1 is gone; keep it while anyone reads or writes it',
    ]);
    expect(incompatibilities({}, lock(value))).toEqual([]);
  });
});
