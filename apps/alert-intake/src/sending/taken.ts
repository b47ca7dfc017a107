import { ApiProperty } from '@nestjs/swagger';

class RefusedPart {
  @ApiProperty({ type: String, example: 'alerts.3' })
  place!: string;
  @ApiProperty({ type: String, example: 'status is neither firing nor resolved' })
  reason!: string;
}

/** What became of a request: how many events were published, how many alerts said nothing new or page nobody, and what could not be read. */
export class Taken {
  @ApiProperty({ type: 'integer', description: 'Events that every in-sync replica of Kafka has.' })
  published!: number;
  @ApiProperty({ type: 'integer', description: 'Alerts that said nothing new, or that nobody is to be paged for.' })
  unchanged!: number;
  @ApiProperty({
    type: 'integer',
    description: 'Published events that page nobody, since neither the alert nor the integration names a handle.',
  })
  withoutHandle!: number;
  @ApiProperty({
    type: [RefusedPart],
    description: 'Alerts that could not be read; kept in `paging.refused-alerts.v1`.',
  })
  refused!: readonly RefusedPart[];
}
