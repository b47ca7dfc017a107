import { countIn, keepMemoryPrivate, orUsage, say, sayError } from '@pagebridge/process';
import { KeyRing, parseSealingKey } from '@pagebridge/sealed-credentials';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { act, type End, optionOrg, type Run } from '../http/act.ts';
import { kafkaBeside } from '../kafka/kafka.ts';
import { printList } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { commandOf } from '../resources/commands.ts';
import { variableIn } from '../resources/given.ts';
import { ConnectionTable } from './connection-table.ts';
import { putSeals } from './put-seals.ts';
import { Reseal, StoppedError } from './reseal.ts';
import { Sealer } from './sealer.ts';

const looks = {
  does: 'Seal all credentials for the current public key.',
  examples: `pagebridge --context prod reseal --plan
    pagebridge reseal --org acme-us
    pagebridge reseal --rate 5`,
};
const more = `
The destination keys do not change, and paging continues. You can interrupt and restart this command. Exit code 0: all
credentials are sealed for the current key; 1: some are not, and each is printed with the reason; 3: the org has no
connections.

Requires the permission credentials:reseal, the Kafka rights of reseal, and these variables (or files in <NAME>_FILE):
  CREDENTIALS_PRIVATE_KEYS   JWKS with the previous and the current private key
  CREDENTIALS_PUBLIC_KEY     public JWK of connection-management
`;

/** Returns the command `reseal`; `end` gets its exit code. */
export function resealCommand(end: End): Command {
  const command = commandOf('reseal', looks)
    .option('--plan', 'only count the credentials of each sealing key')
    .option('--org <org>', 'only connections of this source org', optionOrg)
    .option('--rate <n>', 'maximum connections per second', (text) => countIn('--rate', text, 1, 200), 20)
    .addOption(outputOption())
    .addHelpText('after', more);
  return act(command, end, reseal);
}

/** Reads a variable. Throws UsageError that names it. */
const fromVariable = <T>(name: string, read: (text: string) => T): T =>
  orUsage(
    () => {
      const text = variableIn(name, process.env);
      if (text === undefined) throw new Error('is not set');
      return read(text);
    },
    ({ message }) => `${name}: ${message}`,
  );

async function reseal({ chosen, services, options, form, placeOf }: Run): Promise<number> {
  keepMemoryPrivate(say);
  const key = fromVariable('CREDENTIALS_PUBLIC_KEY', parseSealingKey);
  const sealer = fromVariable('CREDENTIALS_PRIVATE_KEYS', (text) => new Sealer(KeyRing.parse(text), key));
  const { org, plan, rate } = options as { readonly org?: string; readonly plan?: true; readonly rate: number };
  const kafka = kafkaBeside(chosen, 'reseal');
  const table = new ConnectionTable(kafka, org);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    await table.start();
    // A mistyped org must not look like an org that has nothing left.
    if (org !== undefined && table.connections.size === 0) {
      sayError(`${org} has no connections`);
      return exitCodes.notFound;
    }
    const run = new Reseal(table, putSeals(services), sealer, { rate, tries: 5, newsMs: 10_000 }, say);
    if (!plan) {
      say(`Reading connections from ${kafka.where}, updating ${placeOf('connection-management')}.`);
      await run.run(stop.signal).catch(sayStopped);
    }
    const counted = [...run.counts()].map(([kid, credentials]) => ({
      ...{ kid: kid || '(no seal)', credentials, state: kid === sealer.kid ? 'current key' : 'left' },
    }));
    const unreadable = table.unreadable.size;
    const others = unreadable > 0 ? [{ kid: '(unreadable)', credentials: unreadable, state: 'left' }] : [];
    printList([...counted, ...others], { columns: 'kid credentials state', names: ['kid'] }, form);
    return run.left().length + unreadable > 0 ? exitCodes.failed : exitCodes.done;
  } finally {
    await table.stop();
  }
}

function sayStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
  sayError(`${error.message}\nhint: run the command again to continue`);
}
