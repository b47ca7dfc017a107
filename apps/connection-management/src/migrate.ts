import { loadConfig } from '@pagebridge/service';
import { migrationConfig, migrationOf } from './database-config.ts';
import { migrate } from './outbound/persistence/migrate.ts';

// Migrates the database to the schema of this program and prints each step. Exits with 0, or with 1 and the reason.
try {
  const config = loadConfig(migrationConfig);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  await migrate(migrationOf(config), say, config.DATABASE_SERVICE_USER);
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
