import { ApiProperty } from '@nestjs/swagger';
import { permissions, roles } from '@pagebridge/access';
import { type AccessToken, statusOfToken, tokenRoles } from '../../domain/tokens/access-token.ts';
import { PageOf, text, time } from '../dto/fields.ts';

class RefusalAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ ...text, description: 'What was wrong with it, and the cure.' })
  detail!: string;
}

class WithoutHandleAnswer {
  @ApiProperty(time)
  at!: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many alerts of that request.' })
  alerts!: number;
}

export class TokenAnswer {
  @ApiProperty({ ...text, format: 'uuid', description: 'The id of the token; not the token itself.' })
  id!: string;
  @ApiProperty(text)
  sourceOrg!: string;
  @ApiProperty(text)
  name!: string;
  @ApiProperty({ enum: tokenRoles, nullable: true, description: 'Null if permissions were named.' })
  role!: string | null;
  @ApiProperty({ enum: permissions, isArray: true, description: 'What it may do, by role or by permission.' })
  permissions!: string[];
  @ApiProperty({ ...text, nullable: true, description: 'The integration whose alerts it sends, if it is for that.' })
  integration!: string | null;
  @ApiProperty({ ...text, maxLength: 4, description: 'The last characters of the token.' })
  last4!: string;
  @ApiProperty({ enum: ['active', 'revoked', 'expired'] })
  status!: string;
  @ApiProperty(time)
  createdAt!: string;
  @ApiProperty({ ...text, description: 'Who made it: `<issuer>#<subject>`.' })
  createdBy!: string;
  @ApiProperty({ ...time, description: 'The token leaves the list a day later.' })
  expiresAt!: string;
  @ApiProperty({ ...time, nullable: true, description: 'Accurate to about a minute; null if it was never used.' })
  lastUsedAt!: string | null;
  @ApiProperty({
    type: RefusalAnswer,
    nullable: true,
    description: 'The last alert or request of an integration that paged nobody, because it could not be read.',
  })
  lastRefusal!: RefusalAnswer | null;
  @ApiProperty({
    type: WithoutHandleAnswer,
    nullable: true,
    description: 'The last request of an integration with alerts that named no handle, so that they paged nobody.',
  })
  lastWithoutHandle!: WithoutHandleAnswer | null;
  @ApiProperty({ ...time, nullable: true })
  revokedAt!: string | null;
}

export class MadeTokenAnswer extends TokenAnswer {
  @ApiProperty({ ...text, description: 'The token. This is the only time that it is shown.', example: 'pbt_…' })
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
