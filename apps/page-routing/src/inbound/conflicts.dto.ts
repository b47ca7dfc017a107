import { ApiProperty } from '@nestjs/swagger';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Matches } from 'class-validator';

export class OrgParam {
  @ApiProperty({ description: 'The source org.', example: 'acme-us', pattern: orgIdPattern })
  @Matches(new RegExp(orgIdPattern), {
    message: 'org must be 1 to 63 of a-z, 0-9 and -, with no - at either end',
    context: { cure: 'Give the id of the source org, as in acme-us.' },
  })
  org!: string;
}

export class Contender {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;

  @ApiProperty({ description: "The team's id in its destination org." })
  teamId!: string;

  @ApiProperty({ description: 'What to write to mean this team.', example: '@oncall-globex-eu/core-infra' })
  qualifiedHandle!: string;

  @ApiProperty({ description: 'The plain handle pages this team.' })
  paged!: boolean;
}

export class ConflictDto {
  @ApiProperty({ example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'The org declares the handle its own, so the plain handle pages no destination.' })
  local!: boolean;

  @ApiProperty({ type: () => [Contender], description: 'Oldest connection first.' })
  contenders!: Contender[];
}

export class ConflictList {
  @ApiProperty({ type: () => [ConflictDto] })
  items!: ConflictDto[];
}
