import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { failoverBounds } from '@pagebridge/contracts';
import { dataCenterNamePattern, orgIdPattern, slugPattern, teamHandlePattern } from '@pagebridge/vocabulary';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { defaultAfterSeconds } from '../domain/failover.ts';

interface Rule {
  readonly is: (value: unknown) => boolean;
  /** What the field must be, without its value: that may be a secret. */
  readonly must: string;
  readonly cure: string;
  readonly api: ApiPropertyOptions;
}

/** One rule a field, so that one mistake is one complaint, with its cure, and the same text stands in the OpenAPI. */
export const Field = ({ is, must, cure, api }: Rule): PropertyDecorator =>
  applyDecorators(
    ApiProperty(api),
    ValidateBy(
      { name: 'field', validator: { validate: is, defaultMessage: () => `$property must be ${must}` } },
      { context: { cure } },
    ),
  );

/** A field that may be left out, but not be null. */
export const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;
const isName = (value: unknown): boolean =>
  typeof value === 'string' && printable.test(value) && [...value].length <= 100;
const tidied = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.normalize('NFC').trim() : value);

export const NameField = (api: ApiPropertyOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(tidied),
    Field({
      is: isName,
      must: 'a text of 1 to 100 characters in one line',
      cure: 'Give the connection a short name that is unique in its source org.',
      api: { type: String, minLength: 1, maxLength: 100, example: 'Globex Europe', ...api },
    }),
  );

export const SlugField = (): PropertyDecorator =>
  Field({
    is: matches(new RegExp(slugPattern)),
    must: '1 to 63 of a-z, 0-9 and hyphens, without a hyphen at either end',
    cure: 'Give a slug such as globex-europe; it is part of what people write in qualified handles.',
    api: { type: String, pattern: slugPattern, required: false, example: 'globex-europe' },
  });

export const DataCenterField = (): PropertyDecorator =>
  Field({
    is: matches(new RegExp(dataCenterNamePattern)),
    must: 'the name of a data center, as in EU1',
    cure: 'Take one of GET /v1/data-centers.',
    api: { type: String, pattern: dataCenterNamePattern, example: 'EU1' },
  });

const keyPattern = /^[\x21-\x7e]{8,256}$/;
const key = (what: string, description: string): PropertyDecorator =>
  Field({
    is: matches(keyPattern),
    must: '8 to 256 visible ASCII characters without spaces',
    cure: `Copy the ${what} whole, without quotes or line breaks.`,
    api: { type: String, writeOnly: true, format: 'password', minLength: 8, maxLength: 256, description },
  });

export const ApiKeyField = (): PropertyDecorator => key('API key', 'API key of the destination org.');
export const ApplicationKeyField = (): PropertyDecorator =>
  key('application key', 'Application key, without scopes, of a service account in the destination org.');

export const OrgField = (): PropertyDecorator =>
  Field({
    is: matches(new RegExp(orgIdPattern)),
    must: 'an org id: 1 to 63 of a-z, 0-9 and hyphens, as in acme-us',
    cure: 'Check the path.',
    api: { type: String, pattern: orgIdPattern, description: 'Source org.', example: 'acme-us' },
  });

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const ConnectionIdField = (description = 'Connection id.'): PropertyDecorator =>
  Field({
    is: matches(uuid),
    must: 'a lower-case UUID',
    cure: 'Take the id from the list of connections.',
    api: { type: String, format: 'uuid', description },
  });

export const BooleanField = (description: string): PropertyDecorator =>
  Field({
    is: (value) => typeof value === 'boolean',
    must: 'true or false',
    cure: 'Send a JSON boolean.',
    api: { type: Boolean, required: false, description },
  });

const isCount = (value: unknown, { minimum, maximum }: { minimum: number; maximum: number }): boolean =>
  Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
const limit = (bounds: { minimum: number; maximum: number }, description: string): PropertyDecorator =>
  Field({
    is: (value) => isCount(value, bounds),
    must: `a whole number from ${bounds.minimum} to ${bounds.maximum.toLocaleString('en')}`,
    cure: 'Give another number, or leave it out and set the other limit.',
    api: { type: 'integer', ...bounds, required: false, description },
  });
export const AfterFailuresField = (): PropertyDecorator =>
  limit(failoverBounds.afterFailures, 'Calls that failed before the backup is paged.');
export const AfterSecondsField = (): PropertyDecorator =>
  limit(
    failoverBounds.afterSeconds,
    `Seconds without acceptance before the backup is paged; ${defaultAfterSeconds} where neither limit is given.`,
  );

/** An object with rules of its own, or null; anything else counts as an object in which everything is missing. */
export const FailoverField = (type: new () => object): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type, nullable: true, required: false, description: 'Null takes it away.' }),
    Transform(({ value }) => {
      const isObject = typeof value === 'object' && !Array.isArray(value);
      return value === null ? null : plainToInstance(type, isObject ? value : {});
    }),
    ValidateIf((_object, value) => value !== null),
    ValidateNested(),
  );

const isTeamHandle = matches(new RegExp(teamHandlePattern));
const withoutPrefix = 'Write the team handle alone: core-infra, not @oncall-core-infra.';

export const TeamHandleField = (): PropertyDecorator =>
  Field({
    is: isTeamHandle,
    must: 'a team handle of a-z 0-9 . _ - : /',
    cure: withoutPrefix,
    api: { type: String, pattern: teamHandlePattern, example: 'operations', description: 'Team of the backup.' },
  });

/** So that the settings always fit in one record, which may be 1 MiB. */
const longestHandlesText = 900_000;

export const LocalHandlesField = (): PropertyDecorator =>
  Field({
    is: (value) =>
      Array.isArray(value) &&
      value.length <= 10_000 &&
      value.every(isTeamHandle) &&
      new Set(value).size === value.length &&
      JSON.stringify(value).length <= longestHandlesText,
    must: 'a list of at most 10,000 distinct team handles of a-z 0-9 . _ - : /',
    cure: withoutPrefix,
    api: {
      type: [String],
      maxItems: 10_000,
      uniqueItems: true,
      example: ['web', 'db'],
      description: "The org's own team handles: mentions of them are left to the org itself.",
    },
  });

export const FallbackHandleField = (): PropertyDecorator =>
  Field({
    is: (value) => value === null || isTeamHandle(value),
    must: 'a team handle of a-z 0-9 . _ - : /, or null',
    cure: withoutPrefix,
    api: {
      type: String,
      nullable: true,
      required: false,
      example: 'core-infra',
      description: 'Where unknown handles go.',
    },
  });
