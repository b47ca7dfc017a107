import { listedOutcomes } from '@pagebridge/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What became of a mention: `waiting` for its destination, `unrouted` if it became no page, `late` if it became one after all, and
 * otherwise the outcome of its page.
 */
export const mentionStates = [
  'waiting',
  'unrouted',
  'late',
  ...listedOutcomes.filter((one) => one !== 'retried'),
] as const;
export type MentionState = (typeof mentionStates)[number];

/** A page, or a handle that became none: a row of `mentions`, which follows the records about it. */
@Entity('mentions')
export class Mention {
  /** Digest of its source org and of its page, or of its firing and handle. */
  @PrimaryColumn({ type: 'char', length: 32 })
  id!: string;

  /** Days since 1970 of the record that was read first: what is old is dropped by it. */
  @PrimaryColumn({ type: 'int', unsigned: true })
  day!: number;

  /** Digest of its firing; while only an outcome is known, the id of the mention that it backs, or its own. */
  @Column({ type: 'char', length: 32 })
  firing!: string;

  @Column({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'varchar', length: 512, name: 'alert_key' })
  alertKey!: string;

  @Column({ type: 'varchar', length: 256, name: 'event_id' })
  eventId!: string;

  /** The earliest time of a record about it, in Kafka. */
  @Column({ type: 'datetime', precision: 3 })
  at!: Date;

  /** As mentioned, with `@oncall-`; empty while only an outcome is known. */
  @Column({ type: 'varchar', length: 300 })
  handle!: string;

  @Column({ type: 'varchar', length: 1024 })
  title!: string;

  @Column({ type: 'varchar', length: 8, nullable: true })
  urgency!: string | null;

  @Column({ type: 'varchar', length: 64, name: 'page_id', nullable: true })
  pageId!: string | null;

  /** The page that it backs. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  backs!: string | null;

  @Column({ type: 'char', length: 36, name: 'connection_id', nullable: true })
  connectionId!: string | null;

  @Column({ type: 'varchar', length: 195, name: 'team_handle', nullable: true })
  teamHandle!: string | null;

  @Column({ type: 'varchar', length: 13 })
  state!: MentionState;

  /** Time of its last outcome or dead letter in Kafka; null: none yet. */
  @Column({ type: 'datetime', precision: 3, name: 'state_at', nullable: true })
  stateAt!: Date | null;

  /** Time of the replay of its dead letter in Kafka. */
  @Column({ type: 'datetime', precision: 3, name: 'replayed_at', nullable: true })
  replayedAt!: Date | null;

  /** When the destination accepted it. */
  @Column({ type: 'datetime', precision: 3, name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;

  /** When a responder took it, as the destination says; null: nobody has, or it is not known. */
  @Column({ type: 'datetime', precision: 3, name: 'taken_at', nullable: true })
  takenAt!: Date | null;

  /** When a responder closed it while its alert fired, as the destination says. */
  @Column({ type: 'datetime', precision: 3, name: 'closed_there_at', nullable: true })
  closedThereAt!: Date | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  reason!: string | null;

  @Column({ type: 'varchar', length: 1024, nullable: true })
  detail!: string | null;

  @Column({ type: 'int', unsigned: true })
  attempts!: number;

  @Column({ type: 'boolean', name: 'possible_duplicate' })
  possibleDuplicate!: boolean;

  @Column({ type: 'varchar', length: 256, name: 'destination_page_id', nullable: true })
  destinationPageId!: string | null;

  @Column({ type: 'datetime', precision: 3, name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  @Column({ type: 'datetime', precision: 3, name: 'given_up_at', nullable: true })
  givenUpAt!: Date | null;
}
