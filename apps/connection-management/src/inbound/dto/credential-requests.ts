import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { type KeyForm, keyFormOf } from '../../domain/credentials/key-form.ts';
import { rule } from './rules.ts';

/** The two key fields: what each must contain, and what it certainly must not. */
const keys = {
  apiKey: { is: 'an API key', isNot: ['an application key', 'an access token'] },
  applicationKey: { is: 'an application key', isNot: ['an API key'] },
} as const satisfies Record<string, { is: KeyForm; isNot: readonly KeyForm[] }>;
type KeyField = keyof typeof keys;
const otherOf = { apiKey: 'applicationKey', applicationKey: 'apiKey' } as const;

const isMisplaced = (field: KeyField, key: unknown): boolean => {
  const form = typeof key === 'string' ? keyFormOf(key) : undefined;
  return form !== undefined && keys[field].isNot.some((other) => other === form);
};

/** Refuses a key with the form of the other field, before it is sent anywhere. The error reveals nothing of it but its form. */
const InItsPlace = (field: KeyField): PropertyDecorator => {
  const other = otherOf[field];
  const message = ({ value, object }: ValidationArguments): string => {
    const areSwapped = isMisplaced(other, (object as Partial<Record<KeyField, unknown>>)[other]);
    return `${field} looks like ${keyFormOf(value)}${areSwapped ? `; ${field} and ${other} seem to be swapped` : ''}`;
  };
  const cure = `Use ${keys[field].is} as ${field}, and ${keys[other].is} as ${other}.`;
  const validate = (key: unknown): boolean => !isMisplaced(field, key);
  return ValidateBy({ name: 'inItsPlace', validator: { validate } }, { message, context: { cure } });
};

/** At least 16 characters, because answers and the audit show the last four. */
const Key = (field: KeyField, what: string, description: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ writeOnly: true, format: 'password', minLength: 16, maxLength: 256, description }),
    Matches(
      /^[\x21-\x7e]{16,256}$/,
      rule(
        '16 to 256 visible ASCII characters without spaces',
        `Copy the whole ${what}, without quotes or line breaks.`,
      ),
    ),
    InItsPlace(field),
  );
const ApiKey = () => Key('apiKey', 'API key', 'API key of the destination org.');
const ApplicationKey = () =>
  Key(
    'applicationKey',
    'application key',
    'Application key, without scopes, of a service account in the destination org.',
  );

export class NewCredentials {
  @ApiKey()
  apiKey!: string;

  @ApplicationKey()
  applicationKey!: string;
}

const OneNeedsTheOther = (other: KeyField): PropertyDecorator =>
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

const Sealed = (other: 'sealed' | 'former', description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ maxLength: 8192, description }),
    ValidateIf(
      (request: ResealedCredentials, value) =>
        value !== undefined || (other === 'former' && request.former === undefined),
    ),
    Matches(
      /^[\w-]{1,4096}(?:\.[\w-]{1,1024}){4}$/,
      rule('a sealed credential: five base64url parts joined by dots', 'Send the output of `pagebridge reseal`.'),
    ),
  );

/** The same keys, sealed for the present key: one pair or both. */
export class ResealedCredentials {
  @Sealed('former', 'Current keys, as JWE, bound to this connection.')
  sealed?: string;

  @Sealed('sealed', 'Key pair before the last rotation; ignored if the connection no longer has one.')
  former?: string;
}
