import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AuditAction } from '../../../domain/audit.ts';

/** A row of `audit_entries`; rows are only inserted. */
@Entity('audit_entries')
export class AuditEntryEntity {
  /** A bigint, which the driver returns as text. */
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true })
  id!: string;

  @Column({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'varchar', length: 513 })
  actor!: string;

  @Column({ type: 'varchar', length: 128, name: 'on_behalf_of', nullable: true })
  onBehalfOf!: string | null;

  @Column({ type: 'varchar', length: 32 })
  action!: AuditAction;

  @Column({ type: 'varchar', length: 63 })
  target!: string;

  @Column({ type: 'json', name: 'before_change', nullable: true })
  before!: object | null;

  @Column({ type: 'json', name: 'after_change', nullable: true })
  after!: object | null;

  @Column({ type: 'varchar', length: 128, name: 'request_id' })
  requestId!: string;

  @Column({ type: 'datetime', precision: 3 })
  at!: Date;
}
