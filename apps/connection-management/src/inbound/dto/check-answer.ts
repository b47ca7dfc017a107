import { ApiProperty } from '@nestjs/swagger';
import { checkResults } from '../../domain/credentials/check.ts';
import { text } from './fields.ts';

export class CheckAnswer {
  @ApiProperty({ ...text, example: 'permission:teams_read' })
  name!: string;
  @ApiProperty({ enum: checkResults, description: '`unknown`: the destination did not tell; this refuses nothing.' })
  result!: string;
  @ApiProperty(text)
  detail!: string;
  @ApiProperty({ ...text, required: false, description: 'How to fix it.' })
  cure?: string;
  @ApiProperty({ ...text, required: false })
  missingPermission?: string;
}
