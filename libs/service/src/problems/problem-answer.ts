import { ApiProperty } from '@nestjs/swagger';

const text = { type: String } as const;

export class FieldErrorAnswer {
  @ApiProperty({ ...text, description: 'Field of the body, or name of the header or parameter.' })
  field!: string;
  @ApiProperty(text)
  message!: string;
  @ApiProperty({ ...text, required: false })
  cure?: string;
}

/** The body of a problem (RFC 9457). A service whose problems have more members documents a class of the same name. */
export class ProblemAnswer {
  @ApiProperty({ ...text, example: 'urn:pagebridge:problem:not-found' })
  type!: string;
  @ApiProperty(text)
  title!: string;
  @ApiProperty({ type: 'integer' })
  status!: number;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, description: 'Machine-readable code.' })
  code!: string;
  @ApiProperty(text)
  instance!: string;
  @ApiProperty({ ...text, required: false, description: 'Id of the request in the logs.' })
  requestId?: string;
  @ApiProperty({ type: [FieldErrorAnswer], required: false })
  errors?: FieldErrorAnswer[];
  @ApiProperty({ ...text, required: false, description: 'Missing permission, for a 403.' })
  permission?: string;
  @ApiProperty({ type: Boolean, required: false, description: 'True if the same request can succeed later.' })
  retriable?: boolean;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    required: false,
    description: 'Milliseconds to wait before a retry; also in the Retry-After header.',
  })
  retryAfterMs?: number;
}
