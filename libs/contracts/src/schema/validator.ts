import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';
import { complaintOf } from './complaint.ts';
import { isInstant, isMoment } from './instant.ts';
import { lengthKeywords } from './length.ts';

const addFormats = formatsModule as unknown as typeof formatsModule.default;

const options = { strict: true, discriminator: true, verbose: true, removeAdditional: true };

/** Checks everything. */
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

/** Returns undefined for a valid value, or a sentence that names the field and what it must be. */
export type Check = (value: unknown) => string | undefined;

/**
 * Compiles a schema once, on first use: a service reads few of the topics.
 *
 * The check removes fields that the schema does not name from objects that are passed on.
 */
export function checkOf(schema: TSchema, { withBounds = true } = {}): Check {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= (withBounds ? bounded : unbounded).compile(schema);
    return validate(value) ? undefined : complaintOf(validate.errors?.[0] as ErrorObject);
  };
}
