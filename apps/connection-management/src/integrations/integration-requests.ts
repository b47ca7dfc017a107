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
      rule('1 to 40 of a-z, 0-9 and -, with no - at either end', 'Use a name such as prometheus-eu.'),
    ),
  );

export class IntegrationPath extends OrgParam {
  @IntegrationName('Name of the integration.')
  name!: string;
}

const severityForm = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

class SeverityPriority {
  @ApiProperty({ minLength: 1, maxLength: 64, example: 'critical', description: 'Severity; case-insensitive.' })
  @Transform(({ value }) => (typeof value === 'string' ? value.trim().toLowerCase() : value))
  @Matches(severityForm, rule('one line of 1 to 64 characters', 'Use a severity name of the alert source.'))
  severity!: string;

  @ApiProperty({ enum: priorities, description: 'P4 and P5 page with low urgency.' })
  @IsIn(priorities, rule(priorities.join(', '), 'Use the priority for alerts with this severity.'))
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
  `a list of at most ${maxSeverities} unique severities, each with a priority`,
  'Use entries such as { "severity": "critical", "priority": "P1" }.',
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
    description: 'Handle to page if an alert names no handle; null pages nobody.',
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
      'Names of alerts for which the default handle is not used. Default: `Watchdog` and `InfoInhibitor` for ' +
      '`alertmanager`, `TestAlert` for `grafana`, otherwise none.',
  })
  @MayBeLeftOut()
  @ValidateBy(
    { name: 'alertNames', validator: { validate: areAlertNames } },
    rule(
      `a list of at most ${maxAlertNames} unique alert names`,
      'Use names of 1 to 256 characters, each in one line.',
    ),
  )
  noDefaultFor?: string[];

  @ApiPropertyOptional({
    type: [SeverityPriority],
    maxItems: maxSeverities,
    description: 'Priorities of severities; they extend or replace the defaults.',
  })
  @MayBeLeftOut()
  @Transform(asSeverities)
  @ValidateNested({ each: true })
  @ArrayMaxSize(maxSeverities, severitiesRule)
  @ArrayUnique(({ severity }: SeverityPriority) => severity, severitiesRule)
  severities?: SeverityPriority[];

  @WholeNumber(repeatBounds, `Hours after which a firing alert is published again; default ${usualRepeatHours}.`)
  repeatHours?: number;
}

export class NewIntegration extends IntegrationPatch {
  @IntegrationName('Unique in the source org. Prefix of the alert keys, so it cannot be changed.')
  name!: string;

  @ApiProperty({ enum: integrationKinds, description: 'Kind of the sending system; it cannot be changed.' })
  @IsIn(integrationKinds, rule(integrationKinds.join(', '), 'Use alerts or cloudevents for your own programs.'))
  kind!: IntegrationKind;
}
