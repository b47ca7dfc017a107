import { ApiProperty } from '@nestjs/swagger';
import { checkResults } from '../../domain/credentials/check.ts';
import { text } from './fields.ts';

export class CheckAnswer {
  @ApiProperty({ ...text, example: 'permission:teams_read' })
  name!: string;
  @ApiProperty({
    enum: checkResults,
    description: '`unknown`: the destination returned no result; the request is not rejected for it.',
  })
  result!: string;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, required: false, description: 'How to fix the cause.' })
  cure?: string;
  @ApiProperty({ ...text, required: false })
  missingPermission?: string;
}
