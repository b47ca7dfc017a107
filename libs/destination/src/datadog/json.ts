import { ownCopy } from '@pagebridge/vocabulary';

/** A JSON object of an answer. The functions below return undefined for any value of another type than expected. */
export type Json = Readonly<Record<string, unknown>>;

export const objectIn = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const listIn = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

// The maximum length of a text that is kept from an answer: longer than any name, handle or keyword of the API.
const maxTextLength = 1024;

/** Returns a text that is not empty, cut to the maximum length. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? beginningOf(value, maxTextLength) : undefined;

/** Returns a text, or a copy of as much of its beginning. */
export const beginningOf = (text: string, length: number): string =>
  text.length <= length ? text : ownCopy(text.slice(0, length));

export const countIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

// In UTF-16 code units.
const maxIdLength = 256;

/**
 * Returns an opaque id: a string, or a number as a string. An id is never cut, and must fit into keys, paths and records: returns
 * undefined if it is too long or has control characters or a lone surrogate.
 */
export function idIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && isUsableId(value) ? value : undefined;
}

const isUsableId = (id: string): boolean =>
  id !== '' && id.length <= maxIdLength && id.isWellFormed() && !/\p{Cc}/u.test(id);

/** Parses a text as JSON; returns undefined for any other text. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Answers that are not JSON (HTML, plain text, nothing) are expected: the caller turns undefined into a failure.
    return undefined;
  }
}

/** Returns the `attributes` of a resource; an empty object if it has none. */
export const attributesOf = (resource: Json): Json => objectIn(resource.attributes) ?? {};
