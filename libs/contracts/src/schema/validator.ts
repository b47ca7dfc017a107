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

/** Checks what there is and of which type, but not how much of it, nor how texts are made; a time is one all the same. */
const unbounded = new Ajv({ ...options, formats: { uuid: true, uri: true, 'well-formed': true } })
  .addFormat('date-time', isMoment)
  .addFormat('moment', isMoment)
  .removeKeyword('maxLength')
  .removeKeyword('maxItems')
  .removeKeyword('pattern')
  .addVocabulary(['maxLength', 'maxItems', 'pattern']);

/** Checks a value; answers undefined when it is good, else a sentence naming the field and what it must be. */
export type Check = (value: unknown) => string | undefined;

/**
 * Compiles a schema once, on first use: a service reads few of the topics.
 *
 * The check leaves out, of objects that are passed on, what their schema does not name.
 */
export function checkOf(schema: TSchema, { withBounds = true } = {}): Check {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= (withBounds ? bounded : unbounded).compile(schema);
    return validate(value) ? undefined : complaintOf(validate.errors?.[0] as ErrorObject);
  };
}
