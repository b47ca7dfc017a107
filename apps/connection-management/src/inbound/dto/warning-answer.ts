import { ApiProperty } from '@nestjs/swagger';
import { warningCodes } from '../../domain/handle-warnings.ts';
import { text } from './fields.ts';

/** A setting that was stored but has no effect at present. */
export class WarningAnswer {
  @ApiProperty({ ...text, description: 'Field of the request body.', example: 'fallbackHandle' })
  field!: string;
  @ApiProperty({ enum: warningCodes })
  code!: (typeof warningCodes)[number];
  @ApiProperty(text)
  message!: string;
  @ApiProperty({ ...text, description: 'How to fix the cause.' })
  cure!: string;
}
