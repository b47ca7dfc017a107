import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { teamHandlePattern } from '@pagebridge/vocabulary';
import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min, ValidateIf, type ValidationOptions } from 'class-validator';

/** Returns the message that says what a field must be, without its value, which may be a secret; `cure` says how to fix it. */
export const rule = (must: string, cure: string): ValidationOptions => ({
  message: `$property must be ${must}`,
  context: { cure },
});

/** A field that may be omitted, but must not be null. */
export const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** A whole number within bounds that may be omitted. */
export function WholeNumber(bounds: { readonly minimum: number; readonly maximum: number }, description: string) {
  const { minimum, maximum } = bounds;
  const must = `a whole number from ${minimum} to ${maximum.toLocaleString('en')}`;
  const its = rule(must, 'Use another number, or omit the field.');
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', ...bounds, description }),
    MayBeLeftOut(),
    IsInt(its),
    Min(minimum, its),
    Max(maximum, its),
  );
}

const tidied = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.normalize('NFC').trim() : value);

/** A display name. */
export const Name = (example: string, cure: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ minLength: 1, maxLength: 100, example }),
    Transform(tidied),
    Matches(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u, rule('one line of 1 to 100 visible characters', cure)),
  );

/** The id of a resource of this service. */
export const Id = (description: string, list: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ format: 'uuid', description }),
    Matches(
      /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      rule('a lower-case UUID', `Use an id from the list of ${list}.`),
    ),
  );

export const teamHandle = new RegExp(teamHandlePattern);
export const withoutPrefix = 'Use the team handle without the prefix: core-infra, not @oncall-core-infra.';
