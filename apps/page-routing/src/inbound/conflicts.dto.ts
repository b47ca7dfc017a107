import { ApiProperty } from '@nestjs/swagger';
import { ContenderDto } from './contender.dto.ts';

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
