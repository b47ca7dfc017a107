import { ApiProperty } from '@nestjs/swagger';
import { ProblemAnswer as AnyProblemAnswer } from '@pagebridge/service';
import { type LimitName, limitNames } from '../../domain/limits.ts';
import { CheckAnswer } from './check-answer.ts';
import { text } from './fields.ts';

export class ProblemAnswer extends AnyProblemAnswer {
  @ApiProperty({ ...text, format: 'uuid', required: false, description: 'Connection that causes the conflict.' })
  connectionId?: string;
  @ApiProperty({ type: [CheckAnswer], required: false, description: 'All checks, if keys were checked.' })
  checks?: CheckAnswer[];
  @ApiProperty({ enum: limitNames, required: false, description: 'Limit that was reached, for a 429.' })
  limit?: LimitName;
}
