import { databaseOf, databaseSchema } from '@pagebridge/database';
import { exitCodes, runProgram, UsageError } from '@pagebridge/process';
import { loadConfig } from '@pagebridge/service';
import { republishAll } from './republish-all.ts';

const help = `Usage: republish [--actor <who>] (in a checkout: node apps/connection-management/dist/republish.js [--actor <who>])

Publish all connections, API tokens, integrations and source orgs again, for a Kafka that was rebuilt or has lost topics. They are
queued in the outbox of DATABASE_URL, and a running connection-management publishes them. The command waits until this is done. It
is safe at any time, and you can interrupt and restart it.

  --actor <who>  your name for the audit log
  --help         print this help
`;

await runProgram(help, { actor: { type: 'string' } }, async ({ actor = null }) => {
  if (actor !== null && !/^[\x20-\x7e]{1,128}$/.test(actor))
    throw new UsageError('--actor must be 1 to 128 printable characters');
  await republishAll(databaseOf(loadConfig(databaseSchema)), actor, (text) => process.stdout.write(`${text}\n`));
  return exitCodes.done;
});
