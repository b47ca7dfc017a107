import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a partition is read: a row of `positions`, written together with the rows of what was read. */
@Entity('positions')
export class PartitionPosition {
  @PrimaryColumn({ type: 'varchar', length: 249 })
  topic!: string;

  @PrimaryColumn({ type: 'int', unsigned: true, name: 'topic_partition' })
  partition!: number;

  /** The offset of the next record to read. */
  @Column({ type: 'bigint', unsigned: true, name: 'next_offset', transformer: { from: Number, to: (n: number) => n } })
  offset!: number;

  /** Time of the first record that was read, if older ones were no longer kept or were missed; null: nothing is missing. */
  @Column({ type: 'datetime', precision: 3, name: 'kept_since', nullable: true })
  keptSince!: Date | null;

  /** How many records could not be read or stored, and when that was last. */
  @Column({ type: 'int', unsigned: true, name: 'left_out' })
  leftOut!: number;

  @Column({ type: 'datetime', precision: 3, name: 'left_out_at', nullable: true })
  leftOutAt!: Date | null;
}
