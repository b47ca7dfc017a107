type View = Readonly<Record<string, unknown>>;

/** A field that differs, as text; a side that does not have it is undefined. */
export interface FieldChange {
  /** Of a field within a field: `credential.revision`. */
  readonly field: string;
  readonly was: string | undefined;
  readonly is: string | undefined;
}

/** Returns the fields that differ between two views of the audit. A version says nothing that they do not say. */
export function changesOf(before: View | null, after: View | null): FieldChange[] {
  const [old, young] = [fieldsOf(before ?? {}), fieldsOf(after ?? {})];
  return [...new Set([...old.keys(), ...young.keys()])]
    .map((field) => ({ field, was: old.get(field), is: young.get(field) }))
    .filter(({ field, was, is }) => field !== 'version' && was !== is);
}

const isObject = (value: unknown): value is View =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A large value stands in the audit as its hash and its beginning. */
const isShortened = (value: View): boolean => typeof value.sha256 === 'string' && 'first' in value;

function fieldsOf(view: View, within = ''): Map<string, string> {
  return new Map(
    Object.entries(view).flatMap(([name, value]): [string, string][] => {
      const field = `${within}${name}`;
      return isObject(value) && !isShortened(value) ? [...fieldsOf(value, `${field}.`)] : [[field, textOf(value)]];
    }),
  );
}

function textOf(value: unknown): string {
  if (value === null || value === '') return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join(', ');
  if (typeof value === 'string') return value;
  if (!isObject(value) || !isShortened(value)) return JSON.stringify(value);
  const { count, first, sha256 } = value;
  const hash = `(SHA-256 ${String(sha256).slice(0, 8)}…)`;
  if (!Array.isArray(first)) return `${first}… ${hash}`;
  return `${count} values${first.length > 0 ? `, among them ${first.join(', ')}` : ''} ${hash}`;
}
