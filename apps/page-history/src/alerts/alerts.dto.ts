import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Time } from '@pagebridge/service';
import { IsIn, IsOptional, IsUUID, Length } from 'class-validator';
import { Extent } from '../asked/extent.ts';
import { ListQuery, Next } from '../asked/list-query.ts';
import { type Mention, type MentionState, mentionStates } from '../rows/mention.entity.ts';

const words =
  'Waiting: the destination has not accepted the page yet. Unrouted: the handle was not routed. Late: the handle was paged late.';

/** The parameters of the lists of alerts and pages. */
export class MentionsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: mentionStates, description: words })
  @IsOptional()
  @IsIn(mentionStates, { message: `state must be one of ${mentionStates.join(', ')}` })
  state?: MentionState;

  @Time('RFC 3339 time: only open pages that were accepted before this time and are not acknowledged.')
  untakenSince?: Date;

  @ApiPropertyOptional({ description: 'Handle as mentioned, with `@oncall-`.', example: '@oncall-core-infra' })
  @IsOptional()
  @Length(1, 300, { message: 'handle must be 1 to 300 characters' })
  handle?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of a connection.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'connection must be the id of a connection' })
  connection?: string;

  @ApiPropertyOptional({
    description:
      'Text in the key, title or message of the alert; with other filters, only in its key or title. Searches at most 7 days; without `from`, 24 hours.',
    minLength: 2,
    maxLength: 200,
  })
  @IsOptional()
  @Length(2, 200, { message: 'q must be 2 to 200 characters' })
  q?: string;
}

/** A page, or a handle that became none. */
export class MentionAnswer {
  @ApiProperty({
    example: '@oncall-core-infra',
    description: 'Handle as mentioned; empty while only an outcome is known.',
  })
  handle!: string;
  @ApiProperty({ enum: mentionStates, description: words })
  state!: MentionState;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'Time of the last change.' })
  stateAt!: string | null;
  @ApiProperty({ type: String, nullable: true })
  pageId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Page for which this page is the backup.' })
  backs!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  connectionId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Name of the connection, if known.' })
  connectionName!: string | null;
  @ApiProperty({ type: String, nullable: true })
  teamHandle!: string | null;
  @ApiProperty({ type: String, nullable: true, enum: ['low', 'high'] })
  urgency!: string | null;
  @ApiProperty({ description: 'Number of calls to the destination.' })
  attempts!: number;
  @ApiProperty({ description: 'The destination may show this page twice.' })
  possibleDuplicate!: boolean;
  @ApiProperty({ type: String, nullable: true })
  destinationPageId!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  acceptedAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'Time of the acknowledgement, according to the destination; null if not acknowledged or unknown.',
  })
  takenAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description:
      'Time at which a responder closed the page while its alert fired, according to the destination. Its state is `resolved`.',
  })
  closedThereAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'Earliest time of the next call.' })
  nextAttemptAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'Time at which the page becomes a dead letter.',
  })
  givenUpAt!: string | null;
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Reason in one sentence.' })
  detail!: string | null;
}

/** An alert that fires. */
export class AlertAnswer {
  @ApiProperty()
  alertKey!: string;
  @ApiProperty({ description: 'Id of the event.' })
  eventId!: string;
  @ApiProperty()
  title!: string;
  @ApiProperty({ format: 'date-time', description: 'Time at which Pagebridge received the event.' })
  at!: string;
  @ApiProperty({
    type: () => [MentionAnswer],
    description: 'Empty if the alert mentions no handle, or is not routed yet.',
  })
  mentions!: readonly MentionAnswer[];
  @ApiProperty({
    type: 'integer',
    description: 'Number of omitted mentions: an alert lists its last 100, a response at most 1,000.',
  })
  moreMentions!: number;
}

export class AlertList extends Extent {
  @ApiProperty({
    type: () => [AlertAnswer],
    description: 'Latest first; an alert can be listed on two pages.',
  })
  items!: readonly AlertAnswer[];
  @Next()
  next!: string | null;
}

export class PageAnswer extends MentionAnswer {
  @ApiProperty()
  alertKey!: string;
  @ApiProperty()
  eventId!: string;
  @ApiProperty({ description: 'Title of the alert; empty while only an outcome is known.' })
  title!: string;
}

export class PageList extends Extent {
  @ApiProperty({ type: () => [PageAnswer], description: 'Latest first.' })
  items!: readonly PageAnswer[];
  @Next()
  next!: string | null;
}

const text = (time: Date | null): string | null => time?.toISOString() ?? null;

export function mentionAnswer(mention: Mention, connectionName: string | undefined): MentionAnswer {
  const { id, day, firing, sourceOrg, alertKey, eventId, title, replayedAt, at, ...its } = mention;
  const responses = { takenAt: text(its.takenAt), closedThereAt: text(its.closedThereAt) };
  const times = { ...responses, acceptedAt: text(its.acceptedAt), nextAttemptAt: text(its.nextAttemptAt) };
  return {
    ...{ ...its, ...times, at: at.toISOString(), stateAt: text(its.stateAt), givenUpAt: text(its.givenUpAt) },
    connectionName: connectionName ?? null,
  };
}
