import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import { answersOk } from '../processes/health.ts';
import { freePort } from '../processes/ports.ts';
import type { Processes } from '../processes/processes.ts';
import type { AccessInfo } from '../stack/stack-info.ts';
import { accessKeysFile, audience, clients, readAccessKeys } from './clients.ts';

/** The access of a stack: the policy for its services, the clients for its callers. */
export interface LocalAccess {
  /** The value of `ACCESS_POLICY_FILE` for the services. */
  readonly policyFile: string;
  readonly info: AccessInfo;
}

export interface ProviderOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Where the console is; without it nobody logs in to one. */
  readonly consoleUrl?: string;
}

/** Starts an OpenID provider with the stack's clients, and writes the policy that gives each its role. */
export async function startOpenIdProvider(
  folder: StackFolder,
  processes: Processes,
  { port: preferred, consoleUrl }: ProviderOptions = {},
): Promise<LocalAccess> {
  const port = preferred ?? (await freePort());
  const issuer = `http://127.0.0.1:${port}`;
  const keysFile = accessKeysFile(folder);
  await processes.start({
    name: 'openid-provider',
    command: process.execPath,
    args: [join(import.meta.dirname, 'provider.ts')],
    env: {
      ISSUER: issuer,
      ACCESS_KEYS_FILE: keysFile,
      ...(consoleUrl === undefined ? {} : { CONSOLE_URL: consoleUrl }),
    },
    layer: 2,
    ready: () => answersOk(`${issuer}/.well-known/openid-configuration`),
  });
  const { secrets } = readAccessKeys(keysFile);
  return {
    policyFile: writePolicy(folder, issuer),
    info: {
      issuer,
      tokenEndpoint: `${issuer}/token`,
      clients: clients.map(({ name }) => ({ name, clientId: name, clientSecret: secrets[name] ?? '' })),
    },
  };
}

function writePolicy(folder: StackFolder, issuer: string): string {
  const file = join(folder.path, 'access-policy.json');
  const rules = clients.map(({ name, role, sourceOrg }) => ({ claim: 'sub', value: name, role, sourceOrg }));
  writeFileSync(file, `${JSON.stringify({ issuers: [{ issuer, audience }], rules }, null, 2)}\n`);
  return file;
}
