import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Min } from 'class-validator';
import { Extent } from '../asked/extent.ts';
import { ListQuery, Next } from '../asked/list-query.ts';

export class LetterPlace {
  @ApiProperty()
  topic!: string;
  @ApiProperty()
  partition!: number;
  @ApiProperty()
  offset!: number;
}

export class DeadLetterAnswer extends LetterPlace {
  @ApiProperty({ description: 'Offset of the original record.' })
  of!: LetterPlace;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Key of the alert; null if the record has none.' })
  alertKey!: string | null;
  @ApiProperty({ description: 'Title of the alert.' })
  title!: string;
  @ApiProperty()
  reason!: string;
  @ApiProperty({ description: 'Reason in one sentence.' })
  detail!: string;
  @ApiProperty({ description: 'How to fix the cause.' })
  cure!: string;
  @ApiProperty({ description: 'Command that previews the replay.' })
  command!: string;
}

export class DeadLetterList extends Extent {
  @ApiProperty({ type: () => [DeadLetterAnswer], description: 'Latest first.' })
  items!: readonly DeadLetterAnswer[];
  @ApiProperty({ description: 'Whether page-history can replay these dead letters.' })
  replay!: boolean;
  @Next()
  next!: string | null;
}

const wholeNumber = {
  message: '$property must be a whole number',
  context: { cure: 'Use the position of a dead letter from the list.' },
};

/** A number in the place of the dead letter itself. */
function PlaceNumber(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Offset of the dead letter.' }),
    IsOptional(),
    Type(() => Number),
    IsInt(wholeNumber),
    Min(0, wholeNumber),
  );
}

export class DeadLetterQuery extends ListQuery {
  @ApiPropertyOptional({ description: 'Topic of the original records.', example: 'paging.page-commands.v1' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,249}$/, {
    message: '$property must be a topic name',
    context: { cure: 'Use the topic of the original records, such as paging.page-commands.v1.' },
  })
  topic?: string;

  @ApiPropertyOptional({ example: 'rejected' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, {
    message: '$property must consist of lower-case letters, digits and hyphens',
    context: { cure: 'Use a reason from the list, such as rejected.' },
  })
  reason?: string;

  @PlaceNumber()
  partition?: number;

  @PlaceNumber()
  offset?: number;
}
