import { loadConfig } from '@pagebridge/service';
import { Type } from 'typebox';
import { databaseUrl } from './config.ts';
import { migrate } from './outbound/persistence/migrate.ts';

// A one-shot: brings the database to this program's schema, says what it did, and ends with 0, or with 1 and the reason.
try {
  const { DATABASE_URL } = loadConfig(Type.Object({ DATABASE_URL: databaseUrl }));
  await migrate(DATABASE_URL, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
