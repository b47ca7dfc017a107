/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries of an object, such as labels, and of a list that are read. */
const mostEntries = 256;

/** Returns a value as text: only texts that are not empty, and numbers, have one. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns the text of a field; undefined if it has none. */
export const textOf = (fields: Fields, name: string): string | undefined =>
  Object.hasOwn(fields, name) ? textIn(fields[name]) : undefined;

/** Returns the first texts of a list, or the one that stands in its place. */
export const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value.slice(0, mostEntries) : [value]).flatMap((each: unknown) => textIn(each) ?? []);

/** Returns the first entries of an object; none if it is no object. */
export const entriesOf = (value: unknown): (readonly [string, unknown])[] =>
  isFields(value)
    ? Object.keys(value)
        .slice(0, mostEntries)
        .map((name) => [name, value[name]])
    : [];

/** Returns the fields of an object that are texts, such as labels; none if it is no object. */
export const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(entriesOf(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const oldest = Date.UTC(2000);
const newest = Date.UTC(2200);
const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * Returns the time that a field gives, in milliseconds since 1970: RFC 3339, also without the colon of its zone, or such milliseconds or seconds. Undefined
 * for anything else, also for a time without a zone, which could be read in two ways, and for the zero time of Go.
 */
export function timeOf(value: unknown): number | undefined {
  const text = textIn(value) ?? '';
  if (/^\d{9,14}$/.test(text)) return within(text.length > 11 ? Number(text) : Number(text) * 1000);
  if (!withZone.test(text)) return undefined;
  return within(Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')));
}

const within = (ms: number): number | undefined => (ms >= oldest && ms < newest ? ms : undefined);
