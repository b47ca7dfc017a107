import { ApiPropertyOptional } from '@nestjs/swagger';
import { Time } from '@pagebridge/service';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { type AuditAction, auditActions } from '../../domain/audit.ts';
import { text } from './fields.ts';
import { PageRequest } from './page-request.ts';
import { rule } from './rules.ts';

const actorRule = rule('a text of 1 to 513 characters', 'Give an actor as the audit has it: `<issuer>#<subject>`.');

/** Which entries of the audit are listed: those that agree with each parameter that is given. */
export class AuditRequest extends PageRequest {
  @ApiPropertyOptional({ enum: auditActions })
  @IsOptional()
  @IsIn(auditActions, rule('an action of the audit', 'Give one of those that the OpenAPI document lists.'))
  action?: AuditAction;

  @ApiPropertyOptional({ ...text, description: 'Who did it, as the audit has it: `<issuer>#<subject>`.' })
  @IsOptional()
  @IsString(actorRule)
  @Length(1, 513, actorRule)
  actor?: string;

  @ApiPropertyOptional({
    ...text,
    description: 'The id of what was changed, the name of an integration, or the source org.',
  })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,63}$/, rule('an id or a name', 'Give the target of an entry, as the audit has it.'))
  target?: string;

  @Time('Only what was done at this time or later.')
  from?: Date;

  @Time('Only what was done before this time.')
  to?: Date;
}
