import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';
import { complaintOf } from './complaint.ts';
import { isInstant } from './instant.ts';
import { lengthKeywords } from './length.ts';

const addFormats = formatsModule as unknown as typeof formatsModule.default;

const ajv = addFormats(new Ajv({ strict: true, discriminator: true, verbose: true }), ['uuid', 'uri']);
ajv.addFormat('date-time', isInstant);
ajv.removeKeyword('maxLength').removeKeyword('minLength').addKeyword(lengthKeywords);

/** Checks a value; answers undefined when it is good, else a sentence naming the field and what it must be. */
export type Check = (value: unknown) => string | undefined;

/** Compiles a schema once, on first use: a service reads few of the topics. */
export function checkOf(schema: TSchema): Check {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    return validate(value) ? undefined : complaintOf(validate.errors?.[0] as ErrorObject);
  };
}
