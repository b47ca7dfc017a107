import { ApiProperty } from '@nestjs/swagger';
import { text } from './fields.ts';

export class DataCenterAnswer {
  @ApiProperty({ ...text, example: 'EU1' })
  name!: string;
  @ApiProperty({ ...text, example: 'datadoghq.eu' })
  site!: string;
  @ApiProperty({ ...text, example: 'Germany' })
  location!: string;
  @ApiProperty({ ...text, format: 'uri' })
  apiUrl!: string;
  @ApiProperty({ ...text, format: 'uri' })
  pagingUrl!: string;
}

export class DataCenterListAnswer {
  @ApiProperty({ type: [DataCenterAnswer] })
  items!: DataCenterAnswer[];
}
