import { parseArgs } from 'node:util';
import { orgIdPattern } from '@pagebridge/vocabulary';

export const help = `Usage: reseal [options] (in a checkout: npm run -s reseal -- [options])

Opens every credential that is sealed for another key than the present public key, and seals it for the present one.
The keys of the destinations stay the same, and pages continue. Can be interrupted and restarted.

  --plan         only count the credentials by the key for which they are sealed
  --org <id>     only the connections of this source org, for example as a trial
  --rate <n>     at most this many connections per second (1 to 200; default 20)
  -h, --help     this text

Environment; each may be given as a file, by <NAME>_FILE:
  CREDENTIALS_PRIVATE_KEYS   JWKS with the former and the present private key
  CREDENTIALS_PUBLIC_KEY     the public JWK of connection-management
  CONNECTION_MANAGEMENT_URL  URL, as in https://connections.example.com
  PAGEBRIDGE_TOKEN           access token of an operator (permission credentials:reseal)
  KAFKA_BROKERS, KAFKA_TLS…  as for the services

Exit codes: 0 none is sealed for another key · 1 some are, or it failed; run it again · 2 wrong usage or configuration, or
no connection of the org is known
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Arguments {
  readonly plan: boolean;
  readonly rate: number;
  /** Undefined: all source orgs. */
  readonly org: string | undefined;
}

const options = {
  plan: { type: 'boolean', default: false },
  rate: { type: 'string', default: '20' },
  org: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Parses a command line. Returns undefined if it asks for help. Throws UsageError. */
export function argumentsOf(line: readonly string[]): Arguments | undefined {
  const { values } = parsed(line);
  if (values.help) return undefined;
  return {
    plan: values.plan,
    rate: countOf('--rate', values.rate, 200),
    org: orgOf(values.org),
  };
}

function parsed(line: readonly string[]) {
  try {
    return parseArgs({ args: [...line], options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const orgForm = new RegExp(orgIdPattern);

function orgOf(text: string | undefined): string | undefined {
  if (text !== undefined && !orgForm.test(text)) {
    throw new UsageError(`--org ${text}: give the id of a source org, as in acme-us`);
  }
  return text;
}

function countOf(name: string, text: string, most: number): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > most) {
    throw new UsageError(`${name} ${text}: give a whole number from 1 to ${most}`);
  }
  return Number(text);
}
