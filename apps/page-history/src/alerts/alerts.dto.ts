import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Time } from '@pagebridge/service';
import { IsIn, IsOptional, IsUUID, Length } from 'class-validator';
import { Extent } from '../asked/extent.ts';
import { ListQuery, Next } from '../asked/list-query.ts';
import { type Mention, type MentionState, mentionStates } from '../rows/mention.entity.ts';

const words =
  'Waiting: its destination has not accepted it yet. Unrouted: it became no page. Late: it became one after all.';

/** The parameters of the lists of alerts and pages. */
export class MentionsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: mentionStates, description: words })
  @IsOptional()
  @IsIn(mentionStates, { message: `state must be one of ${mentionStates.join(', ')}` })
  state?: MentionState;

  @Time('RFC 3339: only open pages that were accepted before this time and that nobody has taken.')
  untakenSince?: Date;

  @ApiPropertyOptional({ description: 'As mentioned, with `@oncall-`.', example: '@oncall-core-infra' })
  @IsOptional()
  @Length(1, 300, { message: 'handle must be a text of 1 to 300 characters' })
  handle?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of a connection.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'connection must be the id of a connection' })
  connection?: string;

  @ApiPropertyOptional({
    description:
      'A text in the key, the title or the message of the alert; with other filters in its key or title. Of at most 7 days; without `from`, of 24 hours.',
    minLength: 2,
    maxLength: 200,
  })
  @IsOptional()
  @Length(2, 200, { message: 'q must be a text of 2 to 200 characters' })
  q?: string;
}

/** A page, or a handle that became none. */
export class MentionAnswer {
  @ApiProperty({ example: '@oncall-core-infra', description: 'As mentioned; empty while only an outcome is known.' })
  handle!: string;
  @ApiProperty({ enum: mentionStates, description: words })
  state!: MentionState;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'Time of the last news of it.' })
  stateAt!: string | null;
  @ApiProperty({ type: String, nullable: true })
  pageId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The page that it backs.' })
  backs!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  connectionId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Name of the connection, if it is known.' })
  connectionName!: string | null;
  @ApiProperty({ type: String, nullable: true })
  teamHandle!: string | null;
  @ApiProperty({ type: String, nullable: true, enum: ['low', 'high'] })
  urgency!: string | null;
  @ApiProperty({ description: 'Calls of the destination so far.' })
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
    description: 'When a responder took it, as its destination says; null if nobody has, or it is not known.',
  })
  takenAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When a responder closed it while its alert fired, as its destination says. Its state is `resolved`.',
  })
  closedThereAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'The next call, at the earliest.' })
  nextAttemptAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'When it becomes a dead letter.' })
  givenUpAt!: string | null;
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The reason in a sentence.' })
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
  @ApiProperty({ format: 'date-time', description: 'When Pagebridge got it.' })
  at!: string;
  @ApiProperty({ type: () => [MentionAnswer], description: 'Empty if it mentions nobody, or is not routed yet.' })
  mentions!: readonly MentionAnswer[];
  @ApiProperty({
    type: 'integer',
    description: 'How many more it has: the last 100 are told, and 1,000 in one answer.',
  })
  moreMentions!: number;
}

export class AlertList extends Extent {
  @ApiProperty({
    type: () => [AlertAnswer],
    description: 'The latest first; an alert may be listed in two parts of the list.',
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
  @ApiProperty({ type: () => [PageAnswer], description: 'The latest first.' })
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
