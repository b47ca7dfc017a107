/** Reading of answers that nobody promised: whatever is not what it should be is undefined. */
export type Json = Readonly<Record<string, unknown>>;

export const objectIn = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const listIn = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const countIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** An identifier is opaque: a string, or a number taken as one. */
export const idIn = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? String(value) : textIn(value);

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
