import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Extent } from '../asked/extent.ts';

class AnswerOfTrace {
  @ApiProperty({ enum: ['paged', 'waiting', 'not-paged', 'unknown'] })
  kind!: string;

  @ApiProperty({ example: 'Paged core-infra (globex-eu) after 84 ms.' })
  sentence!: string;

  @ApiPropertyOptional({ description: 'Actions that fix the cause, in sentences.' })
  cure?: string;
}

/** The shape of a trace of libs/trace. */
export class TraceAnswer extends Extent {
  @ApiProperty()
  sourceOrg!: string;

  @ApiProperty()
  alertKey!: string;

  @ApiProperty({ description: 'Title of its last trigger.' })
  title!: string;

  @ApiProperty()
  answer!: AnswerOfTrace;

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description:
      'Triggers and recoveries, earliest first, each with its handles, their pages and a verdict. `{ hop }` refers to a record by its index in `hops`.',
  })
  events!: readonly object[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'All records of the alert in order, each with topic, partition, offset, time (`at`) and content.',
  })
  hops!: readonly object[];

  @ApiProperty({ type: [String], description: 'Missing parts, with the reason; empty if the trace is complete.' })
  missing!: readonly string[];
}
