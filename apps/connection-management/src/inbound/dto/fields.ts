import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** The field types that answers are made of, as OpenAPI names them. */
export const text = { type: String } as const;
export const time = { type: String, format: 'date-time' } as const;
export const count = { type: 'integer', minimum: 0 } as const;

/** Returns the class of a page of a list, which `pageAnswer` fills. */
export function PageOf<Item>(item: Type<Item>) {
  class PageAnswer {
    @ApiProperty({ type: [item] })
    items!: Item[];
    @ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last page.' })
    next!: string | null;
  }
  return PageAnswer;
}
