import type { Schema } from '@pagebridge/database';
import { Integration } from '../../integrations/integration.entity.ts';
import { PolicyRulesEntity } from './access-policy/policy-rules.entity.ts';
import { AccessTokenEntity } from './access-tokens/access-token.entity.ts';
import { AuditEntryEntity } from './audit/audit-entry.entity.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { migrations } from './migrations/index.ts';
import { rights } from './migrations/rights.ts';
import { SourceOrgEntity } from './source-org.entity.ts';

/** What connection-management keeps in its database. */
export const schema: Schema = {
  entities: [ConnectionEntity, SourceOrgEntity, AuditEntryEntity, AccessTokenEntity, PolicyRulesEntity, Integration],
  migrations,
  rights,
  migrationProgram: 'the program `migrations` (in a checkout: node apps/connection-management/dist/migrate.js)',
};
