import { migrate, migrationConfig, migrationOf } from '@pagebridge/database';
import { exitCodes, runProgram } from '@pagebridge/process';
import { loadConfig } from '@pagebridge/service';
import { schema } from './outbound/persistence/schema.ts';

const help = `migrations: create and change the tables of connection-management in DATABASE_URL, and print each step
`;

await runProgram(help, {}, async () => {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const config = loadConfig(migrationConfig);
  await migrate(migrationOf(config), schema, say, config.DATABASE_SERVICE_USER);
  return exitCodes.done;
});
