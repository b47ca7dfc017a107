import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { changeKinds, type HandleChange } from '@pagebridge/contracts';
import { Limit } from '@pagebridge/service';
import { IsOptional, Matches } from 'class-validator';
import { cursorPattern } from './change-cursor.ts';

export class ChangesQuery {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'RFC 3339, at most 7 days ago; without it 24 hours ago.',
    example: '2026-11-26T12:00:00Z',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/, {
    message: '$property must be a time as RFC 3339',
    context: { cure: 'Give a time as in 2026-11-26T12:00:00Z; leave it out for the last 24 hours.' },
  })
  since?: string;

  @ApiPropertyOptional({ description: 'Of the `next` link of the page before.' })
  @IsOptional()
  @Matches(cursorPattern, {
    message: '$property must be one that this list gave out',
    context: { cure: 'Follow the `next` link of the page before.' },
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
      'A `refreshed` team has another name, or a former handle of it ended; a `removed` one is not on call any more.',
  })
  kind!: HandleChange['kind'];

  @ApiProperty({
    description: 'What to write in a message; of a removed team what was written.',
    example: '@oncall-platform',
  })
  handle!: string;

  @ApiProperty({ example: 'Platform' })
  teamName!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The handle before a rename, which works for a while; else null.',
    example: '@oncall-core-infra',
  })
  from!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When a sync saw it.' })
  at!: string;

  @ApiProperty({
    type: () => [ShownBy],
    description: 'The enabled connections of the org that show this team, oldest first.',
  })
  connections!: ShownBy[];
}

export class ChangeList {
  @ApiProperty({ type: () => [ListedChange], description: 'The latest first; one may be told twice.' })
  items!: ListedChange[];

  @ApiProperty({ type: String, nullable: true, description: 'Path of the next page; null on the last one.' })
  next!: string | null;
}
