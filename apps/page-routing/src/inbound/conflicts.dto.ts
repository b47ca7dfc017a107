import { ApiProperty } from '@nestjs/swagger';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Matches } from 'class-validator';
import { ContenderDto } from './contender.dto.ts';

export class OrgParam {
  @ApiProperty({ description: 'The source org.', example: 'acme-us', pattern: orgIdPattern })
  @Matches(new RegExp(orgIdPattern), {
    message: 'org must be 1 to 63 of a-z, 0-9 and -, with no - at either end',
    context: { cure: 'Give the id of the source org, as in acme-us.' },
  })
  org!: string;
}

export class ConflictDto {
  @ApiProperty({ example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'The org declares the handle its own, so the plain handle pages no destination.' })
  local!: boolean;

  @ApiProperty({ type: () => [ContenderDto], description: 'In the order in which they claimed it; the first has it.' })
  contenders!: ContenderDto[];
}

export class ConflictList {
  @ApiProperty({ type: () => [ConflictDto] })
  items!: ConflictDto[];
}
