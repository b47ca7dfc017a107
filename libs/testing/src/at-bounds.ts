import { directoryPattern } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { TSchema } from 'typebox';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
}

/**
 * Generates valid values at the bounds of a schema: most texts and lists have the maximum length and the characters that take the
 * most bytes in JSON; some objects have a long field that the schema does not name.
 */
export const atBounds = <T = unknown>(schema: TSchema): fc.Arbitrary<T> => anyOf(schema as Schema) as fc.Arbitrary<T>;

function anyOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(anyOf));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 0);
    case 'string':
      return textOf(schema);
    case 'array':
      return listOf(schema);
    default:
      return objectOf(schema);
  }
}

const times = ['2200-12-31T23:59:59.123456789-23:59', '2000-01-01T00:00:00.123456789+23:59', '2026-01-31T12:00:00Z'];
// In JSON these take 6, 6, 4, 3, 2, 2, 1 and 1 bytes.
const units = ['\u0001', '\ud800', '😀', '€', '"', '\\', 'a', 'A'];

function textOf({ format, pattern, minLength = 0, maxLength = 0 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time' || format === 'moment') return fc.constantFrom(...times);
  if (pattern === directoryPattern) return fc.constant(`${'E'.padEnd(32, '1')}/${'o'.repeat(128)}/${'a'.repeat(128)}`);
  if (pattern?.startsWith('^00-')) return fc.constant('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  if (pattern?.endsWith('/\\d{1,16}$')) return fc.constant(`${'t'.repeat(249)}/${'9'.repeat(10)}/${'9'.repeat(16)}`);
  if (format === 'uri') return fc.constant('https://a.example/'.padEnd(maxLength, 'a'));
  const admits = (text: string) =>
    (format !== 'well-formed' || text.isWellFormed()) && (!pattern || new RegExp(pattern, 'u').test(text));
  const longest = units.map((unit) => unit.repeat(maxLength)).filter(admits);
  const shortest = units.map((unit) => unit.repeat(Math.max(1, minLength))).filter(admits);
  return fc.constantFrom(...longest, ...longest, ...shortest);
}

// Repeats one or two different items, since generating the maximum number of items would take too long.
const listOf = ({ items = {}, maxItems = 0, uniqueItems = false }: Schema): fc.Arbitrary<unknown[]> =>
  fc
    .tuple(fc.array(anyOf(items), { minLength: 1, maxLength: 2 }), fc.constantFrom(0, 1, maxItems, maxItems))
    .map(([some, length]) => Array.from({ length }, (_, i) => some[i % some.length]))
    .map((list) => (uniqueItems ? [...new Set(list)] : list));

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, anyOf(field)]));
  const known = fc.record(fields, { requiredKeys: [...required] });
  const unknown = { maxDepth: 0, weight: 1, arbitrary: fc.constant({ unknown: 'u'.repeat(10_000) }) };
  return fc
    .tuple(known, fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, unknown))
    .map(([named, further]) => ({ ...named, ...further }));
}
