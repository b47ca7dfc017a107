import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `access_policy`: what the audit last recorded of the policy for a source org, or for all (`*`). */
@Entity('access_policy')
export class PolicyRulesEntity {
  @PrimaryColumn({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'json' })
  rules!: readonly string[];
}
