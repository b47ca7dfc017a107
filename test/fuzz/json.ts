import fc from 'fast-check';

/** JSON texts that are difficult for decoders. In a drawn value they are `raw:<name>`, so that a failure can print it. */
const raw: Readonly<Record<string, string>> = {
  deepObjects: `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  deepLists: `${'['.repeat(3000)}${']'.repeat(3000)}`,
  beyondDouble: '1e999',
  longNumber: '9'.repeat(10_000),
  minusZero: '-0',
  longText: `"${'x'.repeat(1_000_000)}"`,
  escapedText: `"${'\\u0001'.repeat(100_000)}"`,
  wideList: `[${'0,'.repeat(50_000)}0]`,
  wideObject: `{${Array.from({ length: 30_000 }, (_, i) => `"${i}":0`).join()}}`,
  prototype: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
  halfPair: '"\\ud800"',
  otherHalf: '"a\\udc00b"',
  twice: '{"a":1,"a":2}',
};

const words = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '../..',
  '@oncall-',
];
const numbers = [0, -0, -1, 0.1, 2 ** 31, 2 ** 53, -(2 ** 63), 5e-324, 1.7976931348623157e308];
const times = [
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2026-01-31T12:00:60Z',
];
const rawNames = Object.keys(raw).map((name) => `raw:${name}`);

/** Any JSON value, with many edge cases. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, ...words, ...numbers, ...times),
  fc.constantFrom(...rawNames),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Spoil {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'repeat';
  readonly name: string;
  readonly value: unknown;
}

const spoil: fc.Arbitrary<Spoil> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'repeat'),
  name: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })),
  value: anyJson,
});

/** Mutates a valid value: replaces, removes, adds or repeats up to three of its parts, or none. */
export const spoiled = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(good, fc.oneof(fc.constant([]), fc.array(spoil, { maxLength: 3 })))
    .map(([value, spoils]) => spoils.reduce((whole, each) => applied(whole, each), structuredClone({ value })).value);

type Box = { value: unknown };
type Parent = Record<string, unknown> | unknown[];

function applied(box: Box, { at, how, name, value: drawn }: Spoil): Box {
  // Drawn values share objects.
  const value = structuredClone(drawn);
  const places = placesIn(box as unknown as Parent);
  const [parent, key] = places[at % places.length] ?? [box as unknown as Parent, 'value'];
  const holder = parent as Record<string, unknown>;
  const part = holder[key];
  if (how === 'remove' && parent !== (box as unknown)) {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete holder[key];
  } else if (how === 'add' && typeof part === 'object' && part !== null) put(part as Parent, name, value);
  else if (how === 'repeat') {
    const most = typeof part === 'object' || String(part).length > 300 ? 3 : 300;
    holder[key] = Array.from({ length: 1 + (at % most) }, () => part);
  } else holder[key] = value;
  return box;
}

function put(parent: Parent, name: string, value: unknown): void {
  if (Array.isArray(parent)) parent.push(value);
  else Object.defineProperty(parent, name, { value, enumerable: true, writable: true, configurable: true });
}

const maxPlaces = 2000;

function placesIn(root: Parent): [Parent, string][] {
  const places: [Parent, string][] = [];
  for (const parents: Parent[] = [root]; parents.length > 0 && places.length < maxPlaces; ) {
    const parent = parents.pop() as Parent;
    for (const [key, part] of Object.entries(parent).slice(0, 100)) {
      places.push([parent, key]);
      if (typeof part === 'object' && part !== null) parents.push(part as Parent);
    }
  }
  return places;
}

// Some of the texts are as long as a record: with many of them the value would exceed it.
const maxRaw = 20;

/** Returns the drawn value as JSON. */
export function textOf(value: unknown): string {
  let left = maxRaw;
  const rawOf = (name: string): string | undefined => (left-- > 0 ? raw[name] : undefined);
  return JSON.stringify(value === undefined ? null : value).replaceAll(
    /"raw:(\w+)"/g,
    (all, name) => rawOf(name) ?? all,
  );
}

/** The bytes of a JSON text, sometimes truncated or with replaced bytes. */
export const bytesOf = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> =>
  fc.tuple(values, damage).map(([value, how]) => damaged(Buffer.from(textOf(value)), how));

/** A damage of bytes, mostly none. Positions wrap around at the end of the bytes. */
export interface Damage {
  readonly cutAt?: number;
  readonly replaced?: readonly (readonly [at: number, byte: number])[];
}

export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ cutAt: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ replaced: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }) }),
  },
);

export function damaged(bytes: Buffer, { cutAt, replaced = [] }: Damage): Buffer {
  const copy = Buffer.from(cutAt === undefined ? bytes : bytes.subarray(0, cutAt % (bytes.length + 1)));
  for (const [at, byte] of replaced) if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
}
