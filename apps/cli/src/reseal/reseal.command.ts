import { countIn, UsageError } from '@pagebridge/programs';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { Command } from 'commander';
import { type Form, outputOption } from '../output/output.ts';

const more = `
Examples:
  pagebridge reseal --plan
  pagebridge reseal --org acme-us
  pagebridge reseal --rate 5

The keys of the destinations stay the same, and pages continue. Can be interrupted and restarted. Exit code 0: none is
sealed for another key; 1: some are, and each is printed with its reason; 3: no connection of the org is known.

Environment; each may be given as a file, by <NAME>_FILE:
  CREDENTIALS_PRIVATE_KEYS   JWKS with the former and the present private key
  CREDENTIALS_PUBLIC_KEY     the public JWK of connection-management
  CONNECTION_MANAGEMENT_URL  as in https://connections.example.com
  PAGEBRIDGE_TOKEN           access token of an operator (permission credentials:reseal)
  KAFKA_BROKERS, KAFKA_TLS…  as for the services, with the rights of reseal
`;

/** What the command line says. */
export interface Options {
  readonly plan?: true;
  readonly org?: string;
  /** The maximum number of connections per second. */
  readonly rate: number;
  readonly output: Form;
}

/** Returns the command `reseal`; `end` gets its exit code. */
export const resealCommand = (end: (code: number) => void): Command =>
  new Command('reseal')
    .description(
      'Seals each credential that is sealed for another key than the present public key for the present one.',
    )
    .option('--plan', 'only count the credentials by the key for which they are sealed')
    .option('--org <org>', 'only the connections of this source org, for example as a trial', orgIn)
    .option('--rate <n>', 'at most this many connections per second', (text) => countIn('--rate', text, 1, 200), 20)
    .addOption(outputOption())
    .addHelpText('after', more)
    // Loaded on demand: the configuration of the services brings their frameworks.
    .action(async (options: Options) => end(await (await import('./run-reseal.ts')).runReseal(options)));

function orgIn(org: string): string {
  if (new RegExp(orgIdPattern).test(org)) return org;
  throw new UsageError(`--org ${org}: give the id of a source org, as in acme-us`);
}
