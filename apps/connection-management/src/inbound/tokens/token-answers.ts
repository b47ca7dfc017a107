import { ApiProperty } from '@nestjs/swagger';
import { permissions, roles } from '@pagebridge/access';
import { type AccessToken, statusOfToken, tokenRoles } from '../../domain/tokens/access-token.ts';
import { PageOf, text, time } from '../dto/fields.ts';

class RefusalAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ ...text, description: 'Reason, with the cure.' })
  detail!: string;
}

class WithoutHandleAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of alerts in that request.' })
  alerts!: number;
}

export class TokenAnswer {
  @ApiProperty({ ...text, format: 'uuid', description: 'Id of the token, not the token itself.' })
  id!: string;
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty(text)
  name!: string;
  @ApiProperty({
    enum: tokenRoles,
    nullable: true,
    description: 'Role of the token; null if it has single permissions.',
  })
  role!: string | null;
  @ApiProperty({
    enum: permissions,
    isArray: true,
    description: 'Permissions of the token, from its role or its list.',
  })
  permissions!: string[];
  @ApiProperty({
    ...text,
    nullable: true,
    description: 'Integration whose alerts the token sends; null for other tokens.',
  })
  integration!: string | null;
  @ApiProperty({ ...text, maxLength: 4, description: 'Last characters of the token.' })
  last4!: string;
  @ApiProperty({ enum: ['active', 'revoked', 'expired'] })
  status!: string;
  @ApiProperty(time)
  createdAt!: string;
  @ApiProperty({ ...text, description: 'Creator: `<issuer>#<subject>`.' })
  createdBy!: string;
  @ApiProperty({ ...time, description: 'Time of expiry. The token is deleted a day later.' })
  expiresAt!: string;
  @ApiProperty({
    ...time,
    nullable: true,
    description: 'Time of the last use, accurate to about a minute; null if never used.',
  })
  lastUsedAt!: string | null;
  @ApiProperty({
    type: RefusalAnswer,
    nullable: true,
    description: 'Last alert or request of an integration that paged nobody because it was not valid.',
  })
  lastRefusal!: RefusalAnswer | null;
  @ApiProperty({
    type: WithoutHandleAnswer,
    nullable: true,
    description: 'Last request of an integration with alerts that paged nobody because they had no handle.',
  })
  lastWithoutHandle!: WithoutHandleAnswer | null;
  @ApiProperty({ ...time, nullable: true })
  revokedAt!: string | null;
}

export class MadeTokenAnswer extends TokenAnswer {
  @ApiProperty({ ...text, description: 'The token. It is shown only once.', example: 'pbt_…' })
  token!: string;
}

export class TokenPageAnswer extends PageOf(TokenAnswer) {}

/** Returns what happened, with its time as a text. */
const answerOf = <T extends { readonly at: Date }>(its: T | undefined) =>
  its ? { ...its, at: its.at.toISOString() } : null;

/** Returns a token as its source org sees it, without its hash. */
export const tokenAnswer = (token: AccessToken, now: Date): TokenAnswer => {
  const { scope } = token;
  return {
    id: token.id,
    sourceOrg: token.sourceOrg,
    name: token.name,
    role: 'role' in scope ? scope.role : null,
    permissions: [...('role' in scope ? roles[scope.role] : scope.permissions)],
    integration: token.integration ?? null,
    last4: token.last4,
    status: statusOfToken(token, now),
    createdAt: token.createdAt.toISOString(),
    createdBy: token.createdBy,
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    lastRefusal: answerOf(token.lastRefusal),
    lastWithoutHandle: answerOf(token.lastWithoutHandle),
    revokedAt: token.revokedAt?.toISOString() ?? null,
  };
};
