const characters = ['a', '|', '%', '#', 'é', '\u{1f525}', '\\u0001', '\\ud800', ' ', '@', '.', ','] as const;
const repeated = (part: string, bytes: number): string => part.repeat(Math.max(0, bytes / Buffer.byteLength(part)));
export const textOf = (part: string) => (bytes: number) => `"${repeated(part, bytes - 2)}"`;
const urlOf = (part: string) => (bytes: number) => `"https://a/${repeated(part, bytes - 12)}"`;
const listOf = (part: string) => (bytes: number) => `[${repeated(`${part},`, bytes - 2 - part.length)}${part}]`;

/** Distinct parts, joined up to a length. */
function distinct(bytes: number, part: (name: string) => string, joint: string): string {
  const parts: string[] = [];
  for (let left = bytes; left > 0; ) {
    const next = part(parts.length.toString(36));
    left -= next.length + joint.length;
    if (left >= 0 || parts.length === 0) parts.push(next);
  }
  return parts.join(joint);
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What a place is filled with: JSON of at most this many bytes, or of a fixed length. */
export const fillings: Readonly<Record<string, (bytes: number) => string>> = {
  'deep lists': (bytes) => nested(Math.max(1, Math.floor(bytes / 2))),
  'deep objects': (bytes) => `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  'lists of 28 levels': listOf(nested(28)),
  'empty lists': listOf('[]'),
  'empty objects': listOf('{}'),
  numbers: listOf('0'),
  'long numbers': (bytes) => `1${'0'.repeat(Math.max(0, bytes - 1))}`,
  'empty texts': listOf('""'),
  'distinct texts': (bytes) => `[${distinct(bytes - 2, (name) => `"${name}"`, ',')}]`,
  'long texts': listOf(`"${'a '.repeat(500)}"`),
  'links that are long': listOf(`{"url":"https://a/${'|'.repeat(500)}","href":"https://a/${'|'.repeat(500)}"}`),
  'links that are short': listOf('{"url":"http://a/","href":"http://a/"}'),
  'fields with empty texts': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":""`, ',')}}`,
  'fields with numbers': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":1`, ',')}}`,
  'fields with lists': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":[[],[]]`, ',')}}`,
  'fields with long texts': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":"${'a '.repeat(500)}"`, ',')}}`,
  'the same field': (bytes) => `{${repeated('"a":"",', bytes - 8)}"a":""}`,
  'a long name': (bytes) => `{"${'a'.repeat(Math.max(0, bytes - 7))}":""}`,
  words: textOf('a '),
  lines: textOf('a\\n'),
  'words that are long': textOf(`${'a.'.repeat(100)} `),
  mentions: textOf('@oncall-a '),
  'distinct mentions': (bytes) => `"${distinct(bytes - 2, (name) => `@oncall-${name}`, ' ')}"`,
  'a long mention': (bytes) => `"@oncall-${repeated('a.', bytes - 10)}"`,
  'mentions in brackets': textOf('((((((((((@oncall-a '),
  'half mentions': textOf('@oncall-@'),
  'tags with commas': (bytes) => `"${distinct(bytes - 2, (name) => name, ',')}"`,
  ...Object.fromEntries(characters.map((each) => [`text of ${each}`, textOf(each)])),
  ...Object.fromEntries(characters.map((each) => [`URL of ${each}`, urlOf(each)])),
  'no text': () => '{"toString":1}',
  'no text in a list': () => '[{"toString":null}]',
  'no value': () => '{"toString":null,"valueOf":null}',
  prototype: () => '{"__proto__":{"toString":1},"constructor":{"prototype":1}}',
  null: () => 'null',
};

export const fillingNames: readonly string[] = Object.keys(fillings);
