import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit, Time } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import type { Range } from './listing.ts';

/** The parameters of every list. */
export class ListQuery implements Range {
  @Time('RFC 3339: only what happened at this time or later.')
  from?: Date;

  @Time('RFC 3339: only what happened before.')
  to?: Date;

  @Limit({ most: 200, preset: 50 })
  limit = 50;

  @ApiPropertyOptional({ description: 'From the `next` link of the previous page.' })
  @IsOptional()
  @Matches(/^\d{1,14}-[0-9a-f]{1,32}$/, {
    message: '$property must come from a `next` link of this list',
    context: { cure: 'Follow the `next` link of the previous page.' },
  })
  cursor?: string;
}

/** The link that every list has. */
export const Next = (): PropertyDecorator =>
  ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last one.' });
