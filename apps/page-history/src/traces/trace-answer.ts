import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Extent } from '../asked/extent.ts';

class AnswerOfTrace {
  @ApiProperty({ enum: ['paged', 'waiting', 'not-paged', 'unknown'] })
  kind!: string;

  @ApiProperty({ example: 'Paged core-infra (globex-eu) after 84 ms.' })
  sentence!: string;

  @ApiPropertyOptional({ description: 'What to do, in sentences, if anything helps.' })
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
      'Its triggers and recoveries, the earliest first: each with its handles, their pages and a verdict. A record is named as `{ hop }`, its index in `hops`.',
  })
  events!: readonly object[];

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'All records about it in order, each with topic, partition, offset, time (`at`) and what it says.',
  })
  hops!: readonly object[];

  @ApiProperty({ type: [String], description: 'What is missing, and why; empty if the trace is complete.' })
  missing!: readonly string[];
}
