import { ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import { rule } from './rules.ts';

export class PageRequest {
  @Limit({ most: 200, preset: 50 })
  limit = 50;

  @ApiPropertyOptional({ description: 'Opaque cursor of the next page.' })
  @IsOptional()
  @Matches(/^[\w-]{1,200}$/, rule('a cursor from this list', 'Follow the `next` link of the previous page.'))
  cursor?: string;
}
