import { ApiProperty } from '@nestjs/swagger';
import { ContenderDto } from './contender.dto.ts';

export class ConflictDto {
  @ApiProperty({ example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'The org declares the handle local, so that the plain handle pages no destination.' })
  local!: boolean;

  @ApiProperty({ type: () => [ContenderDto], description: 'In the order of their claims; the first has the handle.' })
  contenders!: ContenderDto[];
}

export class ConflictList {
  @ApiProperty({ type: () => [ConflictDto] })
  items!: ConflictDto[];
}
