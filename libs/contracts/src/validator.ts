import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';

const addFormats = formatsModule as unknown as typeof formatsModule.default;

const ajv = addFormats(new Ajv({ strict: true, allowUnionTypes: true, verbose: true, messages: true }));

/** Checks a value; answers undefined when it is good, else a sentence naming the field and what it must be. */
export type Check = (value: unknown) => string | undefined;

/** Compiles a schema once, on first use: a service reads few of the topics. */
export function checkOf(schema: TSchema): Check {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    return validate(value) ? undefined : complaint(validate.errors ?? []);
  };
}

// Of a union's errors the one that got furthest says most; the union's own says least.
function complaint(errors: readonly ErrorObject[]): string {
  const telling = errors.filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'const');
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const error = (telling.length > 0 ? telling : errors).toSorted((a, b) => depth(b) - depth(a))[0];
  if (!error) return 'does not match its schema';
  const field = error.instancePath.slice(1).replaceAll('/', '.') || 'the event';
  const allowed = error.keyword === 'enum' ? `: ${(error.params.allowedValues as string[]).join(', ')}` : '';
  const meaning = (error.parentSchema as { description?: string } | undefined)?.description;
  const hint = meaning && error.keyword !== 'required' ? ` (${meaning})` : '';
  return `${field} ${error.message}${allowed}${hint}`;
}
