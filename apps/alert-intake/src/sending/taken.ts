import { ApiProperty } from '@nestjs/swagger';

class RefusedPart {
  @ApiProperty({ type: String, example: 'alerts.3' })
  place!: string;
  @ApiProperty({ type: String, example: 'status is neither firing nor resolved' })
  reason!: string;
}

/** What became of a request: how many events were published, how many alerts said nothing new or page nobody, and what could not be read. */
export class Taken {
  @ApiProperty({ type: 'integer', description: 'Events that all in-sync replicas of Kafka have stored.' })
  published!: number;
  @ApiProperty({ type: 'integer', description: 'Alerts without a new state, or alerts for which nobody is paged.' })
  unchanged!: number;
  @ApiProperty({
    type: 'integer',
    description: 'Published events that page nobody, because neither the alert nor the integration has a handle.',
  })
  withoutHandle!: number;
  @ApiProperty({
    type: [RefusedPart],
    description: 'Alerts that were not valid; stored in `paging.refused-alerts.v1`.',
  })
  refused!: readonly RefusedPart[];
}
