import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TokenRole } from '../../../domain/tokens/access-token.ts';

/** A row of `access_tokens`: of the token itself, only its hash and its last four characters. */
@Entity('access_tokens')
export class AccessTokenEntity {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  /** Null if single permissions are named. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  role!: TokenRole | null;

  @Column({ type: 'json', nullable: true })
  permissions!: readonly string[] | null;

  /** Null in rows of tokens that name no integration. */
  @Column({ type: 'varchar', length: 40, nullable: true })
  integration!: string | null;

  @Column({ type: 'char', length: 64 })
  hash!: string;

  @Column({ type: 'char', length: 4 })
  last4!: string;

  @Column({ type: 'datetime', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'varchar', length: 512, name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'datetime', precision: 3, name: 'expires_at' })
  expiresAt!: Date;

  @Column({ type: 'datetime', precision: 3, name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'datetime', precision: 3, name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ type: 'datetime', precision: 3, name: 'last_refused_at', nullable: true })
  lastRefusedAt!: Date | null;

  @Column({ type: 'varchar', length: 512, name: 'last_refusal', nullable: true })
  lastRefusal!: string | null;

  @Column({ type: 'datetime', precision: 3, name: 'last_without_handle_at', nullable: true })
  lastWithoutHandleAt!: Date | null;

  @Column({ type: 'int', unsigned: true, name: 'last_without_handle', nullable: true })
  lastWithoutHandle!: number | null;

  @Column({ type: 'int', unsigned: true })
  version!: number;
}
