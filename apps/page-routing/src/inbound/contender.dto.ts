import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const kinds = ['exact', 'qualified', 'renamed'] as const;

export class ContenderDto {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;

  @ApiProperty({
    description: 'Whether the connection is enabled. A disabled connection keeps its claims but pages nobody.',
  })
  enabled!: boolean;

  @ApiProperty({
    enum: kinds,
    description: 'How the name matches this team; `qualified` means by the slug in the name.',
  })
  matched!: (typeof kinds)[number];

  @ApiProperty({ description: 'Id of the team in its destination org.' })
  teamId!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'Handle with the connection slug.', example: '@oncall-globex-eu/core-infra' })
  qualifiedHandle!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'Time since which the team has the name, or its connection has the slug in the name; absent if the team was renamed since.',
  })
  claimedAt?: string;

  @ApiProperty({ description: 'Whether the name pages this team.' })
  paged!: boolean;
}
