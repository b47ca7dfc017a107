import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const kinds = ['exact', 'qualified', 'renamed'] as const;

export class ContenderDto {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;

  @ApiProperty({ description: 'Its connection is. A disabled one keeps what it claimed, and pages nobody.' })
  enabled!: boolean;

  @ApiProperty({ enum: kinds, description: 'How the name may mean this team: `qualified` by the slug in it.' })
  matched!: (typeof kinds)[number];

  @ApiProperty({ description: "The team's id in its destination org." })
  teamId!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'What to write to mean this team.', example: '@oncall-globex-eu/core-infra' })
  qualifiedHandle!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'Since when the team is seen with the name, or the connection has the slug in it; left out where a rename gave it up.',
  })
  claimedAt?: string;

  @ApiProperty({ description: 'The name pages this team.' })
  paged!: boolean;
}
