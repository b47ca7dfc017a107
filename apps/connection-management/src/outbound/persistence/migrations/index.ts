import { CreateSourceOrgs1764000000002 } from './1764000000002-create-source-orgs.ts';
import { CreateAuditEntries1764000000003 } from './1764000000003-create-audit-entries.ts';
import { CreateOutbox1764000000004 } from './1764000000004-create-outbox.ts';
import { CreateOutboxLease1764000000011 } from './1764000000011-create-outbox-lease.ts';
import { AddOnBehalfOf1764000000040 } from './1764000000040-add-on-behalf-of.ts';
import { CreateLimits1764000000045 } from './1764000000045-create-limits.ts';
import { CreateAccessTokens1764000000050 } from './1764000000050-create-access-tokens.ts';
import { AddAlertTopic1764000000051 } from './1764000000051-add-alert-topic.ts';
import { CreateConnections1764000000001 } from './connections/1764000000001-create-connections.ts';
import { AddFailover1764000000005 } from './connections/1764000000005-add-failover.ts';
import { AddSlugSince1764000000006 } from './connections/1764000000006-add-slug-since.ts';
import { AddFormerCredential1764000000012 } from './connections/1764000000012-add-former-credential.ts';
import { AddFormerSlugs1764000000013 } from './connections/1764000000013-add-former-slugs.ts';
import { AddSoleDestination1764000000020 } from './connections/1764000000020-add-sole-destination.ts';
import { AddDeletion1764000000021 } from './connections/1764000000021-add-deletion.ts';
import { AddDirectory1764000000022 } from './connections/1764000000022-add-directory.ts';

/** All migrations, in order. Add new ones at the end; never change a released one. */
export const migrations = [
  CreateConnections1764000000001,
  CreateSourceOrgs1764000000002,
  CreateAuditEntries1764000000003,
  CreateOutbox1764000000004,
  AddFailover1764000000005,
  AddSlugSince1764000000006,
  CreateOutboxLease1764000000011,
  AddFormerCredential1764000000012,
  AddFormerSlugs1764000000013,
  AddSoleDestination1764000000020,
  AddDeletion1764000000021,
  AddDirectory1764000000022,
  AddOnBehalfOf1764000000040,
  CreateLimits1764000000045,
  CreateAccessTokens1764000000050,
  AddAlertTopic1764000000051,
];
