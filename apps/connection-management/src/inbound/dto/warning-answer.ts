import { ApiProperty } from '@nestjs/swagger';
import { warningCodes } from '../../domain/handle-warnings.ts';
import { text } from './fields.ts';

/** What was stored all the same, and will not do what is expected of it as things stand. */
export class WarningAnswer {
  @ApiProperty({ ...text, description: 'Field of the body.', example: 'fallbackHandle' })
  field!: string;
  @ApiProperty({ enum: warningCodes })
  code!: (typeof warningCodes)[number];
  @ApiProperty(text)
  message!: string;
  @ApiProperty({ ...text, description: 'What to do about it.' })
  cure!: string;
}
