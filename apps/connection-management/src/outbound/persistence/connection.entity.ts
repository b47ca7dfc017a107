import type { Share } from '@pagebridge/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FormerCredential } from '../../domain/connection.ts';
import type { Check } from '../../domain/credentials/check.ts';
import type { Deletion } from '../../domain/deletion.ts';
import type { Failover } from '../../domain/failover.ts';
import type { HealthDocument } from './health-document.ts';

/** A deletion as stored in the JSON column: times as RFC 3339. */
type DeletionDocument = Omit<Deletion, 'requestedAt'> & { readonly requestedAt: string };

/** A row of `connections`. `nameKey` makes names unique in an org; dates are UTC with milliseconds. */
@Entity('connections')
export class ConnectionEntity {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 63, name: 'source_org' })
  sourceOrg!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'varchar', length: 200, name: 'name_key' })
  nameKey!: string;

  @Column({ type: 'varchar', length: 63 })
  slug!: string;

  /** Null in rows from before this column: their slug dates from their creation. */
  @Column({ type: 'datetime', precision: 3, name: 'slug_since', nullable: true })
  slugSince!: Date | null;

  @Column({ type: 'json', name: 'former_slugs', nullable: true })
  formerSlugs!: readonly { readonly slug: string; readonly validUntil: string }[] | null;

  @Column({ type: 'varchar', length: 32, name: 'data_center' })
  dataCenter!: string;

  @Column({ type: 'varchar', length: 128, name: 'destination_org_id' })
  destinationOrgId!: string;

  @Column({ type: 'varchar', length: 256, name: 'destination_org_name' })
  destinationOrgName!: string;

  /** Data center and org, which two rows of a source org may not share. Null if duplicates are allowed. */
  @Column({ type: 'varchar', length: 161, name: 'sole_destination', nullable: true, update: false })
  soleDestination!: string | null;
  /** Null in rows from before this column, until their keys are checked again. */
  @Column({ type: 'varchar', length: 128, name: 'service_account_id', nullable: true })
  serviceAccountId!: string | null;

  @Column({ type: 'datetime', precision: 3, name: 'directory_since', nullable: true })
  directorySince!: Date | null;

  @Column({ type: 'boolean' })
  enabled!: boolean;

  @Column({ type: 'json', nullable: true })
  failover!: Failover | null;

  @Column({ type: 'varchar', length: 8 })
  share!: Share;

  @Column({ type: 'datetime', precision: 3, name: 'share_revoked_before', nullable: true })
  shareRevokedBefore!: Date | null;

  @Column({ type: 'json', nullable: true })
  deletion!: DeletionDocument | null;

  @Column({ type: 'int', unsigned: true })
  version!: number;

  @Column({ type: 'int', unsigned: true, name: 'state_revision' })
  stateRevision!: number;

  @Column({ type: 'datetime', precision: 3, name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'datetime', precision: 3, name: 'updated_at' })
  updatedAt!: Date;

  @Column({ type: 'text', name: 'sealed_credential' })
  sealedCredential!: string;

  @Column({ type: 'int', unsigned: true, name: 'credential_revision' })
  credentialRevision!: number;

  @Column({ type: 'varchar', length: 4, name: 'api_key_last4' })
  apiKeyLast4!: string;

  @Column({ type: 'varchar', length: 4, name: 'application_key_last4' })
  applicationKeyLast4!: string;

  @Column({ type: 'datetime', precision: 3, name: 'accepted_at' })
  acceptedAt!: Date;

  @Column({ type: 'datetime', precision: 3, name: 'checked_at' })
  checkedAt!: Date;

  @Column({ type: 'varchar', length: 8, name: 'check_status' })
  checkStatus!: 'passed' | 'failed';

  @Column({ type: 'json' })
  checks!: readonly Check[];

  /** Null in rows from before this column: no keys in a request are those, until they are rotated. */
  @Column({ type: 'varchar', length: 66, name: 'key_fingerprint', nullable: true })
  keyFingerprint!: string | null;

  @Column({ type: 'json', name: 'former_credential', nullable: true })
  formerCredential!: FormerCredential | null;

  @Column({ type: 'json' })
  health!: HealthDocument;
}
