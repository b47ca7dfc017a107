import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { failoverBounds } from '@pagebridge/contracts';
import { Limit, OrgParam } from '@pagebridge/service';
import { dataCenterNamePattern, slugPattern, teamHandlePattern } from '@pagebridge/vocabulary';
import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { defaultAfterSeconds } from '../domain/failover.ts';

/** What a field must be, without its value, which may be a secret; and what to do where it is not. */
const rule = (must: string, cure: string): ValidationOptions => ({
  message: `$property must be ${must}`,
  context: { cure },
});

/** A field that may be left out, but not be null. */
const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

const ConnectionId = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ format: 'uuid', description }),
    Matches(
      /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      rule('a lower-case UUID', 'Take the id from the list of connections.'),
    ),
  );

export class ConnectionPath extends OrgParam {
  @ConnectionId('Connection id.')
  id!: string;
}

export class PageRequest {
  @Limit({ most: 200, preset: 50 })
  limit = 50;

  @ApiPropertyOptional({ description: 'Where to go on; opaque.' })
  @IsOptional()
  @Matches(/^[\w-]{1,200}$/, rule('a cursor that this list gave out', 'Follow the `next` link of the page before.'))
  cursor?: string;
}

const Key = (what: string, description: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ writeOnly: true, format: 'password', minLength: 8, maxLength: 256, description }),
    Matches(
      /^[\x21-\x7e]{8,256}$/,
      rule(
        '8 to 256 visible ASCII characters without spaces',
        `Copy the ${what} whole, without quotes or line breaks.`,
      ),
    ),
  );
const ApiKey = () => Key('API key', 'API key of the destination org.');
const ApplicationKey = () =>
  Key('application key', 'Application key, without scopes, of a service account in the destination org.');

export class NewCredentials {
  @ApiKey()
  apiKey!: string;

  @ApplicationKey()
  applicationKey!: string;
}

const OneNeedsTheOther = (other: 'apiKey' | 'applicationKey'): PropertyDecorator =>
  ValidateIf((request: CheckRequest, value) => value !== undefined || request[other] !== undefined);

/** Both keys, or neither. */
export class CheckRequest {
  @ApiPropertyOptional()
  @OneNeedsTheOther('applicationKey')
  @ApiKey()
  apiKey?: string;

  @ApiPropertyOptional()
  @OneNeedsTheOther('apiKey')
  @ApplicationKey()
  applicationKey?: string;
}

const tidied = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.normalize('NFC').trim() : value);

export class NewConnection extends NewCredentials {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'Globex Europe' })
  @Transform(tidied)
  @Matches(
    /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u,
    rule(
      'a text of 1 to 100 visible characters in one line',
      'Give the connection a short name that is unique in its source org.',
    ),
  )
  name!: string;

  @ApiProperty({ pattern: dataCenterNamePattern, example: 'EU1' })
  @Matches(
    new RegExp(dataCenterNamePattern),
    rule('the name of a data center, as in EU1', 'Take one of GET /v1/data-centers.'),
  )
  dataCenter!: string;
}

const teamHandle = new RegExp(teamHandlePattern);
const withoutPrefix = 'Write the team handle alone: core-infra, not @oncall-core-infra.';

const After = (bounds: { readonly minimum: number; readonly maximum: number }, description: string) => {
  const { minimum, maximum } = bounds;
  const must = `a whole number from ${minimum} to ${maximum.toLocaleString('en')}`;
  const its = rule(must, 'Give another number, or leave it out and set the other limit.');
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', ...bounds, description }),
    MayBeLeftOut(),
    IsInt(its),
    Min(minimum, its),
    Max(maximum, its),
  );
};

export class FailoverWish {
  @ConnectionId('Connection that stands in; another one of the source org.')
  connectionId!: string;

  @ApiProperty({ pattern: teamHandlePattern, example: 'operations', description: 'Team of the backup.' })
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /', withoutPrefix))
  teamHandle!: string;

  @After(failoverBounds.afterFailures, 'Calls that failed before the backup is paged.')
  afterFailures?: number;

  @After(
    failoverBounds.afterSeconds,
    `Seconds without acceptance before the backup is paged; ${defaultAfterSeconds} where neither limit is given.`,
  )
  afterSeconds?: number;
}

// Anything but an object or null counts as an object in which everything is missing.
const asFailover = ({ value }: { value: unknown }) =>
  value === null
    ? null
    : plainToInstance(FailoverWish, typeof value === 'object' && !Array.isArray(value) ? value : {});

export class ConnectionPatch extends PartialType(PickType(NewConnection, ['name']), { skipNullProperties: false }) {
  @ApiPropertyOptional({ pattern: slugPattern, example: 'globex-europe' })
  @MayBeLeftOut()
  @Matches(
    new RegExp(slugPattern),
    rule(
      '1 to 63 of a-z, 0-9 and hyphens, without a hyphen at either end',
      'Give a slug such as globex-europe; it is part of what people write in qualified handles.',
    ),
  )
  slug?: string;

  @ApiPropertyOptional({ description: 'False: its handles stay known but page nobody.' })
  @MayBeLeftOut()
  @IsBoolean(rule('true or false', 'Send a JSON boolean.'))
  enabled?: boolean;

  @ApiPropertyOptional({ type: FailoverWish, nullable: true, description: 'Null takes it away.' })
  @IsOptional()
  @Transform(asFailover)
  @ValidateNested()
  failover?: FailoverWish | null;
}

/** So that the settings always fit in one record, which may be 1 MiB. */
const longestHandlesText = 900_000;
const areTeamHandles = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= 10_000 &&
  value.every((handle) => typeof handle === 'string' && teamHandle.test(handle)) &&
  new Set(value).size === value.length &&
  JSON.stringify(value).length <= longestHandlesText;

export class SourceOrgWish {
  @ApiProperty({
    type: [String],
    maxItems: 10_000,
    uniqueItems: true,
    example: ['web', 'db'],
    description: "The org's own team handles: mentions of them are left to the org itself.",
  })
  @ValidateBy(
    { name: 'teamHandles', validator: { validate: areTeamHandles } },
    rule('a list of at most 10,000 distinct team handles of a-z 0-9 . _ - : /', withoutPrefix),
  )
  localHandles!: string[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'core-infra',
    description: 'Where unknown handles go.',
  })
  @IsOptional()
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /, or null', withoutPrefix))
  fallbackHandle?: string | null;
}
