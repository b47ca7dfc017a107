import { ApiProperty } from '@nestjs/swagger';

/** A refusal as documents describe it (RFC 9457). */
export class Refusal {
  @ApiProperty({ type: String, example: 'urn:pagebridge:problem:missing-permission' })
  type!: string;
  @ApiProperty({ type: String })
  title!: string;
  @ApiProperty({ type: 'integer' })
  status!: number;
  @ApiProperty({ type: String })
  detail!: string;
  @ApiProperty({ type: String, description: 'A word for programs.' })
  code!: string;
  @ApiProperty({ type: String })
  instance!: string;
  @ApiProperty({ type: String, required: false, description: 'Look for it in the logs.' })
  requestId?: string;
}
