import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit, nextPage, Time } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import type { Request } from 'express';
import { cursorPattern } from './cursor.ts';
import type { Range } from './listing.ts';

/** The parameters of every list. */
export class ListQuery implements Range {
  @Time('RFC 3339 time: only items at or after this time.')
  from?: Date;

  @Time('RFC 3339 time: only items before this time.')
  to?: Date;

  @Limit({ most: 200, preset: 50 })
  limit = 50;

  @ApiPropertyOptional({ description: 'Cursor from the `next` link of the previous page.' })
  @IsOptional()
  @Matches(cursorPattern, {
    message: '$property must be from a `next` link of this list',
    context: { cure: 'Follow the `next` link of the previous page.' },
  })
  cursor?: string;
}

/** Returns the link to the part of the list that follows; null after the last one. */
export const linkTo = (request: Request, cursor: string | undefined): string | null =>
  cursor === undefined ? null : nextPage(request, { cursor });

/** The link that every list has. */
export const Next = (): PropertyDecorator =>
  ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last page.' });
