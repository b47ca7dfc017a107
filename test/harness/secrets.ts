import { readFileSync } from 'node:fs';
import type { StackInfo } from '@pagebridge/local-stack';

/** Returns the secrets of a stack: keys of its destinations, secrets of its clients, passwords of its users. */
export const secretsOf = ({ destinations, access, logins = {} }: StackInfo): string[] => [
  ...Object.values(logins).map(({ KAFKA_SASL_PASSWORD_FILE = '' }) => readFileSync(KAFKA_SASL_PASSWORD_FILE, 'utf8')),
  ...destinations.flatMap(({ apiKey, applicationKey }) => [apiKey, applicationKey]),
  ...access.clients.map(({ clientSecret }) => clientSecret),
];

/** Returns the lines that contain a secret, plain or in base64. */
export function linesWith(text: string, secrets: readonly string[]): string[] {
  const sought = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, 32)]);
  return text.split('\n').filter((line) => sought.some((secret) => line.includes(secret)));
}

// A signed JWT, as access tokens are. The second part of a sealed credential does not begin with eyJ.
const token = /\bpbt_[0-9A-Za-z]{36}\b|\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,}/;

/** Returns the lines that contain any API token or access token. */
export const linesWithTokens = (text: string): string[] => text.split('\n').filter((line) => token.test(line));
