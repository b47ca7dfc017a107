import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';
import {
  AfterFailuresField,
  AfterSecondsField,
  ApiKeyField,
  ApplicationKeyField,
  BooleanField,
  ConnectionIdField,
  DataCenterField,
  FailoverField,
  FallbackHandleField,
  Field,
  LocalHandlesField,
  MayBeLeftOut,
  NameField,
  OrgField,
  SlugField,
  TeamHandleField,
} from './fields.ts';

export class OrgPath {
  @OrgField()
  org!: string;
}

export class ConnectionPath extends OrgPath {
  @ConnectionIdField()
  id!: string;
}

export const defaultLimit = 50;

export class PageRequest {
  @MayBeLeftOut()
  @Transform(({ value }) => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value))
  @Field({
    is: (value) => typeof value === 'number' && value >= 1 && value <= 200,
    must: 'a whole number from 1 to 200',
    cure: 'Leave it out for 50.',
    api: { type: 'integer', minimum: 1, maximum: 200, default: defaultLimit, required: false },
  })
  limit?: number;

  @MayBeLeftOut()
  @Field({
    is: (value) => typeof value === 'string' && /^[\w-]{1,200}$/.test(value),
    must: 'a cursor that this list gave out',
    cure: 'Follow the `next` link of the page before.',
    api: { type: String, required: false, description: 'Where to go on; opaque.' },
  })
  cursor?: string;
}

export class NewConnection {
  @NameField()
  name!: string;

  @DataCenterField()
  dataCenter!: string;

  @ApiKeyField()
  apiKey!: string;

  @ApplicationKeyField()
  applicationKey!: string;
}

export class FailoverWish {
  @ConnectionIdField('Connection that stands in; another one of the source org.')
  connectionId!: string;

  @TeamHandleField()
  teamHandle!: string;

  @MayBeLeftOut()
  @AfterFailuresField()
  afterFailures?: number;

  @MayBeLeftOut()
  @AfterSecondsField()
  afterSeconds?: number;
}

export class ConnectionPatch {
  @MayBeLeftOut()
  @NameField({ required: false })
  name?: string;

  @MayBeLeftOut()
  @SlugField()
  slug?: string;

  @MayBeLeftOut()
  @BooleanField('False: its handles stay known but page nobody.')
  enabled?: boolean;

  @MayBeLeftOut()
  @FailoverField(FailoverWish)
  failover?: FailoverWish | null;
}

export class NewCredentials {
  @ApiKeyField()
  apiKey!: string;

  @ApplicationKeyField()
  applicationKey!: string;
}

const OneNeedsTheOther = (other: 'apiKey' | 'applicationKey'): PropertyDecorator =>
  ValidateIf((request: CheckRequest, value) => value !== undefined || request[other] !== undefined);

/** Both keys, or neither. */
export class CheckRequest {
  @ApiProperty({ required: false })
  @OneNeedsTheOther('applicationKey')
  @ApiKeyField()
  apiKey?: string;

  @ApiProperty({ required: false })
  @OneNeedsTheOther('apiKey')
  @ApplicationKeyField()
  applicationKey?: string;
}

export class SourceOrgWish {
  @LocalHandlesField()
  localHandles!: string[];

  @MayBeLeftOut()
  @FallbackHandleField()
  fallbackHandle?: string | null;
}
