import { ApiProperty } from '@nestjs/swagger';
import { type LimitName, limitNames } from '../../domain/limits.ts';
import { CheckAnswer } from './check-answer.ts';
import { count, text } from './fields.ts';

export class FieldErrorAnswer {
  @ApiProperty({ ...text, description: 'Field of the body, or name of the header or parameter.' })
  field!: string;
  @ApiProperty(text)
  message!: string;
  @ApiProperty({ ...text, required: false })
  cure?: string;
}

/** RFC 9457. */
export class ProblemAnswer {
  @ApiProperty({ ...text, example: 'urn:pagebridge:problem:name-taken' })
  type!: string;
  @ApiProperty(text)
  title!: string;
  @ApiProperty({ type: 'integer' })
  status!: number;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, description: 'An identifier for programs.', example: 'name-taken' })
  code!: string;
  @ApiProperty(text)
  instance!: string;
  @ApiProperty({ ...text, required: false, description: 'Search the logs for it.' })
  requestId?: string;
  @ApiProperty({ type: [FieldErrorAnswer], required: false })
  errors?: FieldErrorAnswer[];
  @ApiProperty({ ...text, format: 'uuid', required: false, description: 'The connection that causes the conflict.' })
  connectionId?: string;
  @ApiProperty({ type: [CheckAnswer], required: false, description: 'Every check, if keys were checked.' })
  checks?: CheckAnswer[];
  @ApiProperty({ ...text, required: false, description: 'The missing permission, for a 403.' })
  permission?: string;
  @ApiProperty({ enum: limitNames, required: false, description: 'The limit that is reached, for a 429.' })
  limit?: LimitName;
  @ApiProperty({ type: Boolean, required: false, description: 'True: the same request may succeed later.' })
  retriable?: boolean;
  @ApiProperty({ ...count, required: false, description: 'How long to wait before a retry, also as Retry-After.' })
  retryAfterMs?: number;
}
