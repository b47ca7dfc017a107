import { databaseOf, databaseSchema } from '@pagebridge/database';
import { exitCodes, runProgram, UsageError } from '@pagebridge/programs';
import { loadConfig } from '@pagebridge/service';
import { republishAll } from './republish-all.ts';

const help = `Usage: republish [--actor <who>] (in a checkout: node apps/connection-management/dist/republish.js [--actor <who>])

Publishes every connection, API token, integration and source org again, for a Kafka that was rebuilt or has lost topics. Queues them
in the outbox of DATABASE_URL, from which a running connection-management publishes them, and waits until it has. Harmless at
any time; can be interrupted and restarted.

  --actor <who>  on whose behalf, for the audit
  --help         this text
`;

await runProgram(help, { actor: { type: 'string' } }, async ({ actor = null }) => {
  if (actor !== null && !/^[\x20-\x7e]{1,128}$/.test(actor))
    throw new UsageError('--actor must be 1 to 128 printable characters');
  await republishAll(databaseOf(loadConfig(databaseSchema)), actor, (text) => process.stdout.write(`${text}\n`));
  return exitCodes.done;
});
