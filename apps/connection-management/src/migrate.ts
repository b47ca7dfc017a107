import { ConfigError, loadConfig } from '@pagebridge/service';
import { migrationConfig } from './config.ts';
import { migrate } from './outbound/persistence/migrate.ts';

// A one-shot: brings the database to this program's schema, says what it did, and ends with 0, or with 1 and the reason.
try {
  const { DATABASE_URL, DATABASE_MIGRATION_URL: url = DATABASE_URL } = loadConfig(migrationConfig);
  if (url === undefined) throw new ConfigError('neither DATABASE_MIGRATION_URL nor DATABASE_URL is set');
  await migrate(url, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
