import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';
import { complaintOf } from './complaint.ts';
import { isInstant, isMoment } from './instant.ts';
import { lengthKeywords } from './length.ts';

const addFormats = formatsModule as unknown as (ajv: Ajv, formats: readonly string[]) => Ajv;

// To compile the metaschema takes each process longer than the schemas of its topics, which a test checks instead.
const options = {
  strict: true,
  discriminator: true,
  verbose: true,
  removeAdditional: true,
  meta: false,
  validateSchema: false,
} as const;

/** Checks all keywords. */
const bounded = addFormats(new Ajv(options), ['uuid', 'uri'])
  .addFormat('date-time', isInstant)
  .addFormat('moment', isMoment)
  .addFormat('well-formed', (text) => text.isWellFormed())
  .removeKeyword('maxLength')
  .removeKeyword('minLength')
  .addKeyword(lengthKeywords);

/** Checks fields, types and times, without patterns and upper bounds. */
const unbounded = new Ajv({ ...options, formats: { uuid: true, uri: true, 'well-formed': true } })
  .addFormat('date-time', isMoment)
  .addFormat('moment', isMoment)
  .removeKeyword('maxLength')
  .removeKeyword('maxItems')
  .removeKeyword('pattern')
  .addVocabulary(['maxLength', 'maxItems', 'pattern']);

/** Returns undefined for a valid value, otherwise a sentence with the field and its rule. */
export type Check = (value: unknown) => string | undefined;

/**
 * Returns a check that compiles the schema on first use, since a service reads only a few topics.
 *
 * The check removes unknown fields from objects with `additionalProperties: false`.
 */
export function checkOf(schema: TSchema, { withBounds = true } = {}): Check {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= (withBounds ? bounded : unbounded).compile(schema);
    return validate(value) ? undefined : complaintOf(validate.errors?.[0] as ErrorObject);
  };
}
