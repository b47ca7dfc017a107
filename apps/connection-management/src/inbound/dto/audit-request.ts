import { ApiPropertyOptional } from '@nestjs/swagger';
import { Time } from '@pagebridge/service';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { type AuditAction, auditActions } from '../../domain/audit.ts';
import { text } from './fields.ts';
import { PageRequest } from './page-request.ts';
import { rule } from './rules.ts';

const actorRule = rule('a string of 1 to 513 characters', 'Use an actor from the audit: `<issuer>#<subject>`.');

/** Which entries of the audit are listed: those that agree with each parameter that is given. */
export class AuditRequest extends PageRequest {
  @ApiPropertyOptional({ enum: auditActions })
  @IsOptional()
  @IsIn(auditActions, rule('an audit action', 'Use an action that the OpenAPI document lists.'))
  action?: AuditAction;

  @ApiPropertyOptional({ ...text, description: 'Actor of the audit entry: `<issuer>#<subject>`.' })
  @IsOptional()
  @IsString(actorRule)
  @Length(1, 513, actorRule)
  actor?: string;

  @ApiPropertyOptional({
    ...text,
    description: 'Target: the id of a changed object, the name of an integration, or the source org.',
  })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,63}$/, rule('an id or a name', 'Use the target of an audit entry.'))
  target?: string;

  @Time('Only actions at or after this time.')
  from?: Date;

  @Time('Only actions before this time.')
  to?: Date;
}
