import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { OrgParam } from '@pagebridge/service';
import {
  type IntegrationKind,
  integrationKinds,
  integrationPattern,
  type Priority,
  priorities,
  teamHandlePattern,
} from '@pagebridge/vocabulary';
import { plainToInstance, Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsIn, IsOptional, Matches, ValidateBy, ValidateNested } from 'class-validator';
import { MayBeLeftOut, rule, teamHandle, WholeNumber, withoutPrefix } from '../inbound/dto/rules.ts';
import { usualRepeatHours } from './integration.ts';

/** The name of an integration. */
const IntegrationName = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ pattern: integrationPattern, example: 'prometheus-eu', description }),
    Matches(
      new RegExp(integrationPattern),
      rule('1 to 40 of a-z, 0-9 and -, with no - at either end', 'Give a name such as prometheus-eu.'),
    ),
  );

export class IntegrationPath extends OrgParam {
  @IntegrationName('Name of the integration.')
  name!: string;
}

const severityForm = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

class SeverityPriority {
  @ApiProperty({ minLength: 1, maxLength: 64, example: 'critical', description: 'In upper or lower case.' })
  @Transform(({ value }) => (typeof value === 'string' ? value.trim().toLowerCase() : value))
  @Matches(severityForm, rule('a text of 1 to 64 characters in one line', 'Give a severity as the source names it.'))
  severity!: string;

  @ApiProperty({ enum: priorities, description: 'P4 and P5 page with low urgency.' })
  @IsIn(priorities, rule(priorities.join(', '), 'Give the priority of the alerts with this severity.'))
  priority!: Priority;
}

const alertNameForm = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
const maxAlertNames = 100;
const areAlertNames = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= maxAlertNames &&
  value.every((name) => typeof name === 'string' && alertNameForm.test(name)) &&
  new Set(value).size === value.length;

const maxSeverities = 50;
const severitiesRule = rule(
  `a list of at most ${maxSeverities} distinct severities, each with its priority`,
  'Give each as { "severity": "critical", "priority": "P1" }.',
);
// Any other item counts as an object in which every field is missing: the items of a list in the list would be accepted.
const isObject = (item: unknown): boolean => typeof item === 'object' && item !== null && !Array.isArray(item);
const asSeverities = ({ value }: { value: unknown }) =>
  Array.isArray(value) ? value.map((item) => plainToInstance(SeverityPriority, isObject(item) ? item : {})) : value;

const repeatBounds = { minimum: 1, maximum: 168 };

/** The settings of an integration. In a change, those that are omitted stay as they are. */
export class IntegrationPatch {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    pattern: teamHandlePattern,
    example: 'core-infra',
    description: 'The handle whose team is paged if an alert names none; null: nobody is.',
  })
  @IsOptional()
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /, or null', withoutPrefix))
  defaultHandle?: string | null;

  @ApiPropertyOptional({
    type: [String],
    maxItems: maxAlertNames,
    uniqueItems: true,
    example: ['Watchdog', 'InfoInhibitor'],
    description:
      'Names of alerts that the default handle is not for. A new integration has `Watchdog` and `InfoInhibitor` for ' +
      '`alertmanager`, `TestAlert` for `grafana`, and otherwise none.',
  })
  @MayBeLeftOut()
  @ValidateBy(
    { name: 'alertNames', validator: { validate: areAlertNames } },
    rule(`a list of at most ${maxAlertNames} distinct names of alerts`, 'Give lines of 1 to 256 characters.'),
  )
  noDefaultFor?: string[];

  @ApiPropertyOptional({
    type: [SeverityPriority],
    maxItems: maxSeverities,
    description: 'Priorities of severities, beside or instead of the usual ones.',
  })
  @MayBeLeftOut()
  @Transform(asSeverities)
  @ValidateNested({ each: true })
  @ArrayMaxSize(maxSeverities, severitiesRule)
  @ArrayUnique(({ severity }: SeverityPriority) => severity, severitiesRule)
  severities?: SeverityPriority[];

  @WholeNumber(repeatBounds, `Hours after which a firing alert is published again; ${usualRepeatHours} of a new one.`)
  repeatHours?: number;
}

export class NewIntegration extends IntegrationPatch {
  @IntegrationName('Unique in its source org. It begins the keys of its alerts, so it never changes.')
  name!: string;

  @ApiProperty({ enum: integrationKinds, description: 'The system that sends; it never changes.' })
  @IsIn(integrationKinds, rule(integrationKinds.join(', '), 'For programs of your own, give alerts or cloudevents.'))
  kind!: IntegrationKind;
}
