import type { QueryRunner } from 'typeorm';
import { DatabaseError } from '../database.ts';

/**
 * What the service may do with each table, and all that its user may: it adds to the audit, but cannot change or remove entries.
 *
 * `migrations` is first. Until then a starting service is refused the whole database, and waits.
 */
const rights: Readonly<Record<string, string>> = {
  migrations: 'SELECT',
  connections: 'SELECT, INSERT, UPDATE, DELETE',
  source_orgs: 'SELECT, INSERT, UPDATE',
  audit_entries: 'SELECT, INSERT',
  outbox: 'SELECT, INSERT, DELETE',
  outbox_lease: 'SELECT, UPDATE',
  limits: 'SELECT, INSERT, UPDATE, DELETE',
  access_tokens: 'SELECT, INSERT, UPDATE, DELETE',
  integrations: 'SELECT, INSERT, UPDATE, DELETE',
  access_policy: 'SELECT, INSERT, UPDATE',
};

/** Grants the service's user its rights; changes nothing if it has them. `account` is `user` or `user@host`. Throws DatabaseError. */
export async function grantRights(runner: QueryRunner, account: string): Promise<void> {
  const [user, host = '%'] = account.split('@');
  try {
    for (const [table, right] of Object.entries(rights)) {
      await runner.query(`GRANT ${right} ON \`${table}\` TO ?@?`, [user, host]);
    }
  } catch (error) {
    const why = `it must exist, and the migration's user needs GRANT OPTION on the database: ${(error as Error).message}`;
    throw new DatabaseError(`cannot grant DATABASE_SERVICE_USER ${user}@${host} its rights: ${why}`, { cause: error });
  }
}
