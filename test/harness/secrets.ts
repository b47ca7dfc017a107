import { readFileSync } from 'node:fs';
import type { StackInfo } from '@pagebridge/local-stack';

/** What a stack knows that nobody else may: keys of its destinations, secrets of its clients, passwords of its users. */
export const secretsOf = ({ destinations, access, logins = {} }: StackInfo): string[] => [
  ...Object.values(logins).map(({ KAFKA_SASL_PASSWORD_FILE = '' }) => readFileSync(KAFKA_SASL_PASSWORD_FILE, 'utf8')),
  ...destinations.flatMap(({ apiKey, applicationKey }) => [apiKey, applicationKey]),
  ...access.clients.map(({ clientSecret }) => clientSecret),
];

/** The lines that hold one of these, as it is or encoded. */
export function linesWith(told: string, secrets: readonly string[]): string[] {
  const sought = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, 32)]);
  return told.split('\n').filter((line) => sought.some((secret) => line.includes(secret)));
}

// A signed JWT, which is what access tokens are; a sealed credential has no second part that begins so.
const token = /\bpbt_[0-9A-Za-z]{36}\b|\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,}/;

/** The lines that hold an API token or an access token, whoever's. */
export const linesWithTokens = (told: string): string[] => told.split('\n').filter((line) => token.test(line));
