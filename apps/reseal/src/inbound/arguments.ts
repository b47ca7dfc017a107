import { countIn, optionsOf, UsageError } from '@pagebridge/programs';
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

const options = {
  plan: { type: 'boolean', default: false },
  rate: { type: 'string', default: '20' },
  org: { type: 'string' },
} as const;

/** Parses a command line. Returns undefined if it asks for help. Throws UsageError. */
export function argumentsOf(line: readonly string[]) {
  const values = optionsOf(line, options);
  if (!values) return undefined;
  const { plan, rate, org } = values;
  if (org !== undefined && !new RegExp(orgIdPattern).test(org)) {
    throw new UsageError(`--org ${org}: give the id of a source org, as in acme-us`);
  }
  return { plan, rate: countIn('--rate', rate, 1, 200), org };
}
