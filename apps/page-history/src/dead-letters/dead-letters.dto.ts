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
  @ApiProperty({ description: 'Of the original.' })
  of!: LetterPlace;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Key of its alert; null: its record does not say.' })
  alertKey!: string | null;
  @ApiProperty({ description: 'Title of the alert.' })
  title!: string;
  @ApiProperty()
  reason!: string;
  @ApiProperty({ description: 'The reason in a sentence.' })
  detail!: string;
  @ApiProperty({ description: 'What removes the cause.' })
  cure!: string;
  @ApiProperty({ description: 'The command that previews its replay.' })
  command!: string;
}

export class DeadLetterList extends Extent {
  @ApiProperty({ type: () => [DeadLetterAnswer], description: 'The latest first.' })
  items!: readonly DeadLetterAnswer[];
  @ApiProperty({ description: 'Whether page-history sends letters of this list again.' })
  replay!: boolean;
  @Next()
  next!: string | null;
}

const wholeNumber = {
  message: '$property must be a whole number',
  context: { cure: 'Give the place of a dead letter, as the list has it.' },
};

/** A number in the place of the dead letter itself. */
function PlaceNumber(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Of the dead letter itself.' }),
    IsOptional(),
    Type(() => Number),
    IsInt(wholeNumber),
    Min(0, wholeNumber),
  );
}

export class DeadLetterQuery extends ListQuery {
  @ApiPropertyOptional({ description: 'Topic of the originals.', example: 'paging.page-commands.v1' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,249}$/, {
    message: '$property must be the name of a topic',
    context: { cure: 'Give the topic of the originals, such as paging.page-commands.v1.' },
  })
  topic?: string;

  @ApiPropertyOptional({ example: 'rejected' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, {
    message: '$property must be a word of lower-case letters, digits and hyphens',
    context: { cure: 'Give a reason as the list has it, such as rejected.' },
  })
  reason?: string;

  @PlaceNumber()
  partition?: number;

  @PlaceNumber()
  offset?: number;
}
