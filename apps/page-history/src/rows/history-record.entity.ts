import type { Hop } from '@pagebridge/trace';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What a record says; `recovery`: an alert that says that it has recovered. */
export type RecordKind = Hop['kind'] | 'recovery';

// Only numbers up to 2^53 come from Kafka.
const asNumber = { from: Number, to: (value: number) => value };

/** A record of a topic, as it was: a row of `records`, written once. */
@Entity('records')
export class HistoryRecord {
  /** In the order of reading. */
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  /** Days since 1970, of `at`: what is old is dropped by it. */
  @PrimaryColumn({ type: 'int', unsigned: true })
  day!: number;

  @Column({ type: 'varchar', length: 249 })
  topic!: string;

  @Column({ type: 'int', unsigned: true, name: 'topic_partition' })
  partition!: number;

  @Column({ type: 'bigint', unsigned: true, name: 'topic_offset', transformer: asNumber })
  offset!: number;

  /** Its time in Kafka. */
  @Column({ type: 'datetime', precision: 3 })
  at!: Date;

  @Column({ type: 'varchar', length: 12 })
  kind!: RecordKind;

  /** The source org that may see it; empty: only operators may. */
  @Column({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  /** The first bytes of its key. */
  @Column({ type: 'varbinary', length: 2200, name: 'record_key' })
  key!: Buffer;

  /** Digest of the firing or recovery that it is about; of an outcome: that of its page. */
  @Column({ type: 'char', length: 32, nullable: true })
  subject!: string | null;

  /** Id of the event of an alert. */
  @Column({ type: 'varchar', length: 256, name: 'event_id', nullable: true })
  eventId!: string | null;

  /** Title of an alert; of a report its kind; of an outcome what it is, and its reason. */
  @Column({ type: 'varchar', length: 1024, nullable: true })
  title!: string | null;

  @Column({ type: 'mediumblob', nullable: true })
  value!: Buffer | null;

  /** Each byte of a value as one character. */
  @Column({ type: 'mediumtext', transformer: { from: JSON.parse, to: JSON.stringify } })
  headers!: Readonly<Record<string, string>>;
}
