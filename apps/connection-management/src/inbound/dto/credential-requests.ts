import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { rule } from './rules.ts';

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
