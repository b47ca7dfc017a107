import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { type Permission, permissions } from '@pagebridge/access';
import { OrgParam } from '@pagebridge/service';
import { integrationPattern } from '@pagebridge/vocabulary';
import { IsOptional, Matches, ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { maxLifeDays, type TokenRole, tokenRoles } from '../../domain/tokens/access-token.ts';
import { text } from '../dto/fields.ts';
import { PageRequest } from '../dto/page-request.ts';
import { Id, Name, rule } from '../dto/rules.ts';

export class TokenPath extends OrgParam {
  @Id('Id of the token, not the token itself.', 'tokens')
  id!: string;
}

const integrationForm = new RegExp(integrationPattern);
const integrationField = { ...text, pattern: integrationPattern, example: 'prometheus-eu' } as const;
const takeAName = 'Use a name from the list of integrations.';

/** Which tokens are listed: all, or those of an integration. */
export class TokensRequest extends PageRequest {
  @ApiPropertyOptional({ ...integrationField, description: 'Only tokens of this integration.' })
  @IsOptional()
  @Matches(integrationForm, rule('an integration name', takeAName))
  integration?: string;
}

/** A field that is required without the other field, and refused beside it. */
const EitherOr = (other: keyof NewToken, isGood: (value: unknown) => boolean, must: string, cure: string) => {
  const hasNoOther = (object: unknown): boolean => (object as NewToken)[other] === undefined;
  const validator = {
    validate: (value: unknown, args?: ValidationArguments) => isGood(value) && hasNoOther(args?.object),
  };
  return applyDecorators(
    ValidateIf((object, value) => value !== undefined || hasNoOther(object)),
    ValidateBy({ name: 'eitherOr', validator }, rule(`${must}, and ${other} must be omitted`, cure)),
  );
};

const isRole = (value: unknown): boolean => tokenRoles.some((role) => role === value);
const arePermissions = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= permissions.length &&
  value.every((name) => permissions.includes(name)) &&
  new Set(value).size === value.length;

/** What an alerting system holds may leak with its configuration, so a token that sends alerts can do nothing else. */
const ForAlertsAlone = (): PropertyDecorator => {
  const validate = (name: unknown, args?: ValidationArguments): boolean => {
    const { permissions: named } = (args?.object ?? {}) as { readonly permissions?: unknown };
    if (!Array.isArray(named) || !named.includes('alerts:write')) return name === undefined;
    return named.length === 1 && typeof name === 'string' && integrationForm.test(name);
  };
  const must = 'an integration name, and only with the permissions ["alerts:write"]';
  const cure = `${takeAName} Use separate tokens for alerts:write and other permissions.`;
  return ValidateBy({ name: 'forAlertsAlone', validator: { validate } }, rule(must, cure));
};

const areDays = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxLifeDays;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value));

export class NewToken {
  @Name('terraform', 'Describe the purpose in one short line, without zero-width or bidirectional characters.')
  name!: string;

  @ApiPropertyOptional({ enum: tokenRoles, description: 'Role of the token. Use either `role` or `permissions`.' })
  @EitherOr('permissions', isRole, tokenRoles.join(', '), 'Use a role or permissions, not both.')
  role?: TokenRole;

  @ApiPropertyOptional({
    enum: permissions,
    isArray: true,
    description: 'Permissions of the token. Use either `permissions` or `role`.',
  })
  @EitherOr(
    'role',
    arePermissions,
    `a list of unique permissions from ${permissions.join(', ')}`,
    'Use at least one permission, or a role; not both.',
  )
  permissions?: Permission[];

  @ApiPropertyOptional({
    ...integrationField,
    description: 'Integration whose alerts the token sends. Requires `alerts:write` as the only permission.',
  })
  @ForAlertsAlone()
  integration?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: maxLifeDays,
    example: 90,
    description: 'Days until the token expires. Use either `expiresInDays` or `expiresAt`.',
  })
  @EitherOr(
    'expiresAt',
    areDays,
    `a whole number from 1 to ${maxLifeDays}`,
    'Use either expiresInDays or expiresAt; every token expires.',
  )
  expiresInDays?: number;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Time of expiry. Use either `expiresAt` or `expiresInDays`.',
  })
  @EitherOr(
    'expiresInDays',
    isInstant,
    'a time such as 2026-12-31T12:00:00Z',
    'Use either expiresInDays or expiresAt; every token expires.',
  )
  expiresAt?: string;
}
