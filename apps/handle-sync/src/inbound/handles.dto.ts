import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Limit } from '@pagebridge/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class HandleQuery {
  @ApiPropertyOptional({ description: 'Part of a handle, with or without @oncall-.', default: '' })
  @IsOptional()
  @IsString({ context: { cure: 'Give query once.' } })
  @MaxLength(260, { context: { cure: 'Give at most 260 characters.' } })
  query = '';

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
}

export class HandleList {
  @ApiProperty({ type: () => [OfferedHandle] })
  items!: OfferedHandle[];
}
