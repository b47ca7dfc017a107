import { exitCodes, runProgram } from '@pagebridge/programs';
import { loadConfig } from '@pagebridge/service';
import { migrationConfig, migrationOf } from './database-config.ts';
import { migrate } from './outbound/persistence/migrate.ts';

const help = `migrations: creates and changes the tables of connection-management in DATABASE_URL, and prints each step
`;

await runProgram(help, {}, async () => {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const config = loadConfig(migrationConfig);
  await migrate(migrationOf(config), say, config.DATABASE_SERVICE_USER);
  return exitCodes.done;
});
