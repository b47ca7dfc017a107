import type { QueryRunner } from 'typeorm';
import { DatabaseError } from './connect.ts';
import type { Schema } from './schema.ts';

/** Grants the service's user its rights; changes nothing if it has them. `account` is `user` or `user@host`. Throws DatabaseError. */
export async function grantRights(runner: QueryRunner, rights: Schema['rights'], account: string): Promise<void> {
  const [user, host = '%'] = account.split('@');
  try {
    // `migrations` is first. Until then a starting service is refused the whole database, and waits.
    for (const [table, right] of Object.entries({ migrations: 'SELECT', ...rights })) {
      await runner.query(`GRANT ${right} ON \`${table}\` TO ?@?`, [user, host]);
    }
  } catch (error) {
    const why = `the user must exist, and the migration's user needs GRANT OPTION on the database: ${(error as Error).message}`;
    throw new DatabaseError(`cannot grant the permissions of DATABASE_SERVICE_USER ${user}@${host}: ${why}`, {
      cause: error,
    });
  }
}
