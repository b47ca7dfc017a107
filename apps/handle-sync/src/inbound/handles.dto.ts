import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class HandleQuery {
  @ApiPropertyOptional({ description: 'Part of a handle, with or without @oncall-.', default: '' })
  @IsOptional()
  @IsString({ context: { cure: 'Give query once.' } })
  @MaxLength(260, { context: { cure: 'Give at most 260 characters.' } })
  query = '';

  @ApiPropertyOptional({ description: 'Of the `next` link of the page before: goes on with the list of all handles.' })
  @IsOptional()
  @Matches(/^[\w-]{1,800}$/, {
    message: '$property must be one that this list gave out',
    context: { cure: 'Follow the `next` link of the page before.' },
  })
  cursor?: string;

  @Limit({ most: 100, preset: 20 })
  limit = 20;
}

export class OfferedHandle {
  @ApiProperty({ description: 'What to write in a message.', example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ description: 'The handle without @oncall-.', example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ example: 'Core Infra' })
  teamName!: string;

  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;

  @ApiProperty({ description: 'Where the team lives.', example: 'EU1' })
  dataCenter!: string;

  @ApiProperty({
    description: 'What to write to mean this connection and no other.',
    example: '@oncall-globex-eu/core-infra',
  })
  qualifiedHandle!: string;

  @ApiProperty({
    description: 'The plain handle may mean another team too, or pages another one; the qualified one means this.',
  })
  ambiguous!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When all teams that this connection sees were last read; null before the first time.',
  })
  lastCompleteSyncAt!: string | null;
}

export class HandleList {
  @ApiProperty({ type: () => [OfferedHandle] })
  items!: OfferedHandle[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Path of the next page of all handles; null on the last one, and where a query was given.',
  })
  next!: string | null;
}
