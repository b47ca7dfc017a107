import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class HandleQuery {
  @ApiPropertyOptional({ description: 'Part of a handle, with or without @oncall-.', default: '' })
  @IsOptional()
  @IsString({ context: { cure: 'Send query once.' } })
  @MaxLength(260, { context: { cure: 'Use at most 260 characters.' } })
  query = '';

  @ApiPropertyOptional({ format: 'uuid', description: 'Only handles of this connection.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, {
    message: '$property must be a lower-case UUID',
    context: { cure: 'Use the id of a connection.' },
  })
  connection?: string;

  @ApiPropertyOptional({ description: 'Cursor from the `next` link of the previous page.' })
  @IsOptional()
  @Matches(/^[\w-]{1,800}$/, {
    message: '$property must be from a `next` link of this list',
    context: { cure: 'Follow the `next` link of the previous page.' },
  })
  cursor?: string;

  @Limit({ most: 100, preset: 20 })
  limit = 20;
}

export class OfferedHandle {
  @ApiProperty({ description: 'Handle that mentions the team.', example: '@oncall-core-infra' })
  handle!: string;

  @ApiProperty({ description: 'Handle without @oncall-.', example: 'core-infra' })
  teamHandle!: string;

  @ApiProperty({ example: 'Core Infra' })
  teamName!: string;

  @ApiProperty({ format: 'uuid' })
  connectionId!: string;

  @ApiProperty({ example: 'Globex EU' })
  connectionName!: string;

  @ApiProperty({ description: 'Data center of the destination org.', example: 'EU1' })
  dataCenter!: string;

  @ApiProperty({
    description: 'Handle that mentions the team over this connection only.',
    example: '@oncall-globex-eu/core-infra',
  })
  qualifiedHandle!: string;

  @ApiProperty({
    description: 'The plain handle is ambiguous or pages another team. The qualified handle pages this team.',
  })
  ambiguous!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: "Time of the last complete sync of the connection's teams; null before the first one.",
  })
  lastCompleteSyncAt!: string | null;
}

export class HandleList {
  @ApiProperty({ type: () => [OfferedHandle] })
  items!: OfferedHandle[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Path of the next page; null on the last page.',
  })
  next!: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Number of handles in all pages.' })
  total!: number;
}
