import { ApiProperty } from '@nestjs/swagger';
import { skipReasons } from '@pagebridge/dead-letters';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, Matches, Max, Min, ValidateNested } from 'class-validator';
import { LetterPlace } from '../dead-letters.dto.ts';

const maxLetters = 200;
const cure = { context: { cure: `Use 1 to ${maxLetters} letters, each with its topic, partition and offset.` } };

/** The place of a dead letter, as the list has it. */
export class ChosenLetter {
  @ApiProperty({ example: 'paging.page-commands.v1.dead' })
  @Matches(/^[A-Za-z0-9._-]{1,249}$/, { message: '$property must be a topic name', ...cure })
  topic!: string;
  @ApiProperty({ type: 'integer', minimum: 0 })
  @IsInt(cure)
  @Min(0, cure)
  @Max(2 ** 31 - 1, cure)
  partition!: number;
  @ApiProperty({ type: 'integer', minimum: 0 })
  @IsInt(cure)
  @Min(0, cure)
  @Max(Number.MAX_SAFE_INTEGER, cure)
  offset!: number;
}

export class Choice {
  @ApiProperty({ type: () => [ChosenLetter], minItems: 1, maxItems: maxLetters })
  @IsArray(cure)
  @ArrayMinSize(1, cure)
  @ArrayMaxSize(maxLetters, cure)
  @ValidateNested({ each: true })
  @Type(() => ChosenLetter)
  letters!: ChosenLetter[];
}

export const verdicts = ['replay', 'sent', 'refused', 'lost', ...skipReasons] as const;
const effects = ['routed', 'page', 'joined', 'resolve', 'refused'] as const;

export class LetterVerdict extends LetterPlace {
  @ApiProperty({
    enum: verdicts,
    description:
      '`replay`: a replay sends it. `sent`: it was sent. `refused`: Kafka rejects it. `lost`: its topic no longer has ' +
      'it. Other values: the reason why it is not sent.',
  })
  verdict!: (typeof verdicts)[number];
  @ApiProperty({ enum: effects, required: false, description: 'Expected effect, according to the current ledger.' })
  becomes?: (typeof effects)[number];
  @ApiProperty({ description: 'Expected effect, or the reason why it is not sent, in one sentence.' })
  why!: string;
}

export class ReplayAnswer {
  @ApiProperty({ type: () => [LetterVerdict], description: 'In the order of the request.' })
  letters!: readonly LetterVerdict[];
}
