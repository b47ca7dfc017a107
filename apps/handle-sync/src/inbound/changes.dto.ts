import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { changeKinds, type HandleChange } from '@pagebridge/contracts';
import { Limit, Time } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import { cursorPattern } from './change-cursor.ts';

export class ChangesQuery {
  @Time('RFC 3339, at most 7 days ago; by default 24 hours ago.', '; leave it out for the last 24 hours')
  since?: Date;

  @ApiPropertyOptional({ description: 'From the `next` link of the previous page.' })
  @IsOptional()
  @Matches(cursorPattern, {
    message: '$property must come from a `next` link of this list',
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
      'A `refreshed` team has another name, or one of its former handles expired; a `removed` team is no longer on call.',
  })
  kind!: HandleChange['kind'];

  @ApiProperty({
    description: 'The text that mentions the team; for a removed team, the text that mentioned it.',
    example: '@oncall-platform',
  })
  handle!: string;

  @ApiProperty({ example: 'Platform' })
  teamName!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The handle before a rename, which still works for the grace period; otherwise null.',
    example: '@oncall-core-infra',
  })
  from!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When a sync found the change.' })
  at!: string;

  @ApiProperty({
    type: () => [ShownBy],
    description: 'The enabled connections of the org that show this team, oldest first.',
  })
  connections!: ShownBy[];
}

export class ChangeList {
  @ApiProperty({ type: () => [ListedChange], description: 'The latest first; a change may be listed twice.' })
  items!: ListedChange[];

  @ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last one.' })
  next!: string | null;
}
