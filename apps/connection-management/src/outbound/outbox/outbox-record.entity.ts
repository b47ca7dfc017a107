import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A row of `outbox`: an event that Kafka does not have yet. It is deleted once Kafka has acknowledged it. */
@Entity('outbox')
export class OutboxRecordEntity {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ type: 'varchar', length: 249 })
  topic!: string;

  @Column({ type: 'varchar', length: 600, name: 'record_key' })
  key!: string;

  /** Null is a tombstone. */
  @Column({ type: 'mediumblob', nullable: true })
  value!: Buffer | null;

  @Column({ type: 'json' })
  headers!: Readonly<Record<string, string>>;

  @Column({ type: 'datetime', precision: 3, name: 'created_at' })
  createdAt!: Date;
}
