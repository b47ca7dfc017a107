/** Reading of answers that nobody promised: whatever is not what it should be is undefined. */
export type Json = Readonly<Record<string, unknown>>;

export const objectIn = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const listIn = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

// What a destination may make us hold of one text: more than any name, handle or word of the API has.
const longestText = 1024;

/** A text, as much of it as is worth keeping. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, longestText) : undefined;

export const countIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

// In UTF-16 units.
const longestId = 256;

/**
 * An identifier is opaque: a string, or a number taken as one. It is kept whole or not at all, and has to fit into keys,
 * paths and records: one that is too long, has control characters or half of a surrogate pair is none.
 */
export function idIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && isUsableId(value) ? value : undefined;
}

const isUsableId = (id: string): boolean =>
  id !== '' && id.length <= longestId && id.isWellFormed() && !/\p{Cc}/u.test(id);

/** The JSON in a text, whatever its content type said; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an expected answer (HTML, plain text, nothing): the caller turns undefined into a failure.
    return undefined;
  }
}

/** A resource's `attributes`, empty where it has none. */
export const attributesOf = (resource: Json): Json => objectIn(resource.attributes) ?? {};
