import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A partition that is not stored to its end. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Null: the topic cannot be read. */
  readonly records: number | null;
  /** Everything of it that was written before is stored, in milliseconds since 1970; 0: not known. */
  readonly until: number;
}

/** The instance that reads the topics, and how far it has come: the only row of `reader`. */
@Entity('reader')
export class Reader {
  @PrimaryColumn({ type: 'tinyint', unsigned: true })
  id!: number;

  /** Empty: nobody. */
  @Column({ type: 'char', length: 36 })
  holder!: string;

  /** From then on, another instance may take its place. */
  @Column({ type: 'datetime', precision: 3, name: 'held_until' })
  heldUntil!: Date;

  /** Everything that was written before is stored, except in the partitions of `lag`; null: not yet. */
  @Column({ type: 'datetime', precision: 3, name: 'as_of', nullable: true })
  asOf!: Date | null;

  @Column({ type: 'json' })
  lag!: readonly PartitionLag[];
}
