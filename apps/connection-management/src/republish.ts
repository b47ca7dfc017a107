import { parseArgs } from 'node:util';
import { loadConfig } from '@pagebridge/service';
import { databaseOf, databaseSchema } from './database-config.ts';
import { republishAll } from './republish-all.ts';

const help = `Usage: republish [--actor <who>] (in a checkout: node apps/connection-management/dist/republish.js [--actor <who>])

Publishes every connection, API token and source org again, for a Kafka that was rebuilt or has lost topics. Queues them in the
outbox of DATABASE_URL, from which a running connection-management publishes them, and waits until it has. Harmless at
any time; can be interrupted and restarted.

  --actor <who>  on whose behalf, for the audit
  --help         this text
`;

// Like migrate: exits with 0, or with 1 and the reason.
try {
  const options = {
    actor: { type: 'string' },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(help);
  else {
    const { actor = null } = values;
    if (actor !== null && !/^[\x20-\x7e]{1,128}$/.test(actor))
      throw new Error('--actor must be 1 to 128 printable characters');
    const place = databaseOf(loadConfig(databaseSchema));
    await republishAll(place, actor, (line) => process.stdout.write(`${line}\n`));
  }
} catch (error) {
  process.stderr.write(`republish: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
