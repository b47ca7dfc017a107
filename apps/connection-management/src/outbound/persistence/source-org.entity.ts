import type { AlertTopicUse } from '@pagebridge/vocabulary';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `source_orgs`: the settings of an org. An org without settings has no row. */
@Entity('source_orgs')
export class SourceOrgEntity {
  @PrimaryColumn({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'json', name: 'local_handles' })
  localHandles!: readonly string[];

  @Column({ type: 'varchar', length: 195, name: 'fallback_handle', nullable: true })
  fallbackHandle!: string | null;

  @Column({ type: 'varchar', length: 6, name: 'alert_topic' })
  alertTopic!: AlertTopicUse;

  @Column({ type: 'datetime', precision: 3, name: 'alert_topic_since', nullable: true })
  alertTopicSince!: Date | null;

  @Column({ type: 'int', unsigned: true })
  version!: number;

  @Column({ type: 'datetime', precision: 3, name: 'updated_at' })
  updatedAt!: Date;
}
