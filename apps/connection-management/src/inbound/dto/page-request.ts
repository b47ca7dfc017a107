import { ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import { rule } from './rules.ts';

export class PageRequest {
  @Limit({ most: 200, preset: 50 })
  limit = 50;

  @ApiPropertyOptional({ description: 'Where to continue; opaque.' })
  @IsOptional()
  @Matches(/^[\w-]{1,200}$/, rule('a cursor that this list issued', 'Follow the `next` link of the previous page.'))
  cursor?: string;
}
