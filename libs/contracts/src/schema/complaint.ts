import type { ErrorObject } from 'ajv';

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly oneOf?: readonly { readonly properties: Readonly<Record<string, { readonly const?: string }>> }[];
}

/**
 * Returns a sentence with the invalid field, its rule and its description, but without the value, which may be secret or
 * long.
 */
export function complaintOf(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as Described;
  const missing = error.keyword === 'required' ? String(error.params.missingProperty) : undefined;
  const tag = error.keyword === 'discriminator' ? String(error.params.tag) : undefined;
  const field = [...error.instancePath.slice(1).split('/'), missing ?? tag ?? ''].filter(Boolean).join('.');
  const meaning = missing ? schema.properties?.[missing]?.description : schema.description;
  const hint = meaning && !tag ? ` (${meaning})` : '';
  return `${field || 'the event'} ${demandOf(error, schema, tag)}${hint}`;
}

function demandOf(error: ErrorObject, schema: Described, tag: string | undefined): string {
  const { keyword, params } = error;
  if (tag) return `must be one of ${(schema.oneOf ?? []).map((branch) => branch.properties[tag]?.const).join(', ')}`;
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'enum':
      return `must be one of ${(params.allowedValues as string[]).join(', ')}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'maxItems':
      return `must have at most ${params.limit} items`;
    case 'uniqueItems':
      return 'must not contain an item twice';
    case 'format':
      return `must be ${formats[String(params.format)] ?? params.format}`;
    default:
      return error.message ?? 'does not match its schema';
  }
}

const formats: Readonly<Record<string, string>> = {
  'date-time': 'an RFC 3339 time such as 2026-01-31T12:00:00Z, from the year 2000 to 2200, with at most nanoseconds',
  'well-formed': 'text that UTF-8 can encode, without lone surrogates',
  uuid: 'a UUID',
  uri: 'an absolute URL',
};
