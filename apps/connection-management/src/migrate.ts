import { exitCodeOf, exitCodes, optionsOf } from '@pagebridge/programs';
import { loadConfig } from '@pagebridge/service';
import { migrationConfig, migrationOf } from './database-config.ts';
import { migrate } from './outbound/persistence/migrate.ts';

const help = `migrations: creates and changes the tables of connection-management in DATABASE_URL, and prints each step
`;

process.exitCode = await exitCodeOf(async (line) => {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const config = optionsOf(line, {}) && loadConfig(migrationConfig);
  if (config) await migrate(migrationOf(config), say, config.DATABASE_SERVICE_USER);
  else process.stdout.write(help);
  return exitCodes.done;
});
