import { teamHandlePattern } from '@pagebridge/vocabulary';
import { ValidateIf, type ValidationOptions } from 'class-validator';

/** What a field must be, without its value, which may be a secret; and what to do where it is not. */
export const rule = (must: string, cure: string): ValidationOptions => ({
  message: `$property must be ${must}`,
  context: { cure },
});

/** A field that may be left out, but not be null. */
export const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

export const teamHandle = new RegExp(teamHandlePattern);
export const withoutPrefix = 'Write the team handle alone: core-infra, not @oncall-core-infra.';
