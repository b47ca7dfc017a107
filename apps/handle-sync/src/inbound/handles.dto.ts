import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const most = 100;

export class OrgParam {
  @ApiProperty({ description: 'The source org.', example: 'acme-us', pattern: orgIdPattern })
  @Matches(new RegExp(orgIdPattern), {
    message: 'org must be 1 to 63 of a-z, 0-9 and -',
    context: { cure: 'Give the id of the source org, as in acme-us.' },
  })
  org!: string;
}

export class HandleQuery {
  @ApiPropertyOptional({ description: 'Part of a handle, with or without @oncall-.', default: '' })
  @IsOptional()
  @IsString({ context: { cure: 'Give query once.' } })
  @MaxLength(260, { context: { cure: 'Give at most 260 characters.' } })
  query = '';

  @ApiPropertyOptional({ description: 'The most handles to answer with.', type: 'integer', minimum: 1, maximum: most })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ context: { cure: 'Give a whole number.' } })
  @Min(1, { context: { cure: 'Ask for 1 to 100 handles.' } })
  @Max(most, { context: { cure: 'Ask for 1 to 100 handles.' } })
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
