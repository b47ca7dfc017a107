import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { teamHandlePattern } from '@pagebridge/vocabulary';
import { IsOptional, Matches } from 'class-validator';
import { ContenderDto } from './contender.dto.ts';

export class ConflictQuery {
  @ApiPropertyOptional({
    description: 'From the `next` link of the previous page: the handle after which this one begins.',
  })
  @IsOptional()
  @Matches(new RegExp(teamHandlePattern), {
    message: '$property must come from a `next` link of this list',
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

  @ApiProperty({ description: 'The org declares the handle local, so that the plain handle pages no destination.' })
  local!: boolean;

  @ApiProperty({ type: () => [ContenderDto], description: 'In the order of their claims; the first has the handle.' })
  contenders!: ContenderDto[];
}

export class ConflictList {
  @ApiProperty({ type: () => [ConflictDto] })
  items!: ConflictDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Path of the next page; null on the last page. A page may have few items, or none, and a next one: it also ends when 2,000 teams were looked at.',
  })
  next!: string | null;
}
