import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { teamHandlePattern } from '@pagebridge/vocabulary';
import { IsOptional, Matches } from 'class-validator';
import { ContenderDto } from './contender.dto.ts';

export class ConflictQuery {
  @ApiPropertyOptional({
    description: 'Cursor from the `next` link of the previous page.',
  })
  @IsOptional()
  @Matches(new RegExp(teamHandlePattern), {
    message: '$property must be from a `next` link of this list',
    context: { cure: 'Follow the `next` link of the previous page.' },
  })
  cursor?: string;

  @Limit({ most: 100, preset: 20 })
  limit = 20;
}

export class ConflictDto {
  @ApiProperty({ example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ description: 'The org has a local handle of this name, so the plain handle pages no destination.' })
  local!: boolean;

  @ApiProperty({
    type: () => [ContenderDto],
    description: 'In the order of their claims; the first contender has the handle.',
  })
  contenders!: ContenderDto[];
}

export class ConflictList {
  @ApiProperty({ type: () => [ConflictDto] })
  items!: ConflictDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Path of the next page; null on the last page. A page ends after 2,000 scanned teams, so it can have few or no items.',
  })
  next!: string | null;
}
