import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type AlertTopicUse, alertTopicUses, namesWithin } from '@pagebridge/vocabulary';
import { IsIn, IsOptional, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { rule, teamHandle, withoutPrefix } from './rules.ts';

const maxHandles = 1000;
const areTeamHandles = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= maxHandles &&
  value.every((handle) => typeof handle === 'string' && teamHandle.test(handle)) &&
  new Set(value).size === value.length;

/** Pagebridge never pages a local handle, so a fallback to one can never work. */
const NotLocal = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'notLocal',
      validator: {
        validate: (handle, args) => {
          const { localHandles } = (args?.object ?? {}) as Partial<SourceOrgInput>;
          const isText = typeof handle === 'string' && Array.isArray(localHandles);
          return !isText || [...namesWithin(handle)].every((name) => !localHandles.includes(name));
        },
      },
    },
    {
      message: '$property is in localHandles, which Pagebridge does not page',
      context: { cure: 'Use another handle, or remove this handle from localHandles.' },
    },
  );

export class SourceOrgInput {
  @ApiProperty({
    type: [String],
    maxItems: maxHandles,
    uniqueItems: true,
    example: ['web', 'db'],
    description: "Handles of the org's own teams; Pagebridge ignores mentions of them.",
  })
  @ValidateBy(
    { name: 'teamHandles', validator: { validate: areTeamHandles } },
    rule('a list of at most 1,000 unique team handles of a-z 0-9 . _ - : /', withoutPrefix),
  )
  localHandles!: string[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'core-infra',
    description: 'Handle of the team to page for unknown handles.',
  })
  @IsOptional()
  @Matches(teamHandle, rule('a team handle of a-z 0-9 . _ - : /, or null', withoutPrefix))
  @NotLocal()
  fallbackHandle?: string | null;

  @ApiPropertyOptional({
    enum: alertTopicUses,
    example: 'both',
    description:
      "Topics from which the org's alerts are read: the shared topic, the org's own topic, or both. If omitted, unchanged.",
  })
  @ValidateIf((_request, value) => value !== undefined)
  @IsIn(alertTopicUses, rule('shared, both or own', 'Use one of these values, or omit the field to keep its value.'))
  alertTopic?: AlertTopicUse;
}
