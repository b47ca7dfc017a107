import type { IntegrationKind, Priority } from '@pagebridge/vocabulary';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An alerting system that sends alerts of a source org over HTTP: a row of `integrations`. */
@Entity('integrations')
export class Integration {
  @PrimaryColumn({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  /** Begins the keys of its alerts, so it never changes. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  name!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: IntegrationKind;

  @Column({ type: 'varchar', length: 195, name: 'default_handle', nullable: true })
  defaultHandle!: string | null;

  @Column({ type: 'json', name: 'no_default_for' })
  noDefaultFor!: readonly string[];

  @Column({ type: 'json' })
  severities!: readonly { readonly severity: string; readonly priority: Priority }[];

  @Column({ type: 'tinyint', unsigned: true, name: 'repeat_hours' })
  repeatHours!: number;

  @Column({ type: 'int', unsigned: true })
  version!: number;

  @Column({ type: 'datetime', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'datetime', precision: 3, name: 'updated_at' })
  updatedAt!: Date;
}
