import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { changeKinds, type HandleChange } from '@pagebridge/contracts';
import { Limit, Time } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import { cursorPattern } from './change-cursor.ts';

export class ChangesQuery {
  @Time('RFC 3339 time, at most 7 days ago; default: 24 hours ago.', ', or omit since for the last 24 hours')
  since?: Date;

  @ApiPropertyOptional({ description: 'Cursor from the `next` link of the previous page.' })
  @IsOptional()
  @Matches(cursorPattern, {
    message: '$property must be from a `next` link of this list',
    context: { cure: 'Follow the `next` link of the previous page.' },
  })
  cursor?: string;

  @Limit({ most: 100, preset: 20 })
  limit = 20;
}

export class ShownBy {
  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;
}

export class ListedChange {
  @ApiProperty({
    enum: changeKinds,
    description:
      '`refreshed`: the team was renamed, or a previous handle expired. `removed`: the team is no longer on call.',
  })
  kind!: HandleChange['kind'];

  @ApiProperty({
    description: 'Handle that mentions the team, or mentioned the removed team.',
    example: '@oncall-platform',
  })
  handle!: string;

  @ApiProperty({ example: 'Platform' })
  teamName!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Handle before a rename, which works until the grace period ends; otherwise null.',
    example: '@oncall-core-infra',
  })
  from!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Time at which a sync found the change.' })
  at!: string;

  @ApiProperty({
    type: () => [ShownBy],
    description: 'Enabled connections of the org that have this team, oldest first.',
  })
  connections!: ShownBy[];
}

export class ChangeList {
  @ApiProperty({ type: () => [ListedChange], description: 'Latest first; a change can be listed twice.' })
  items!: ListedChange[];

  @ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last page.' })
  next!: string | null;
}
