import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersOk, freePorts, javaPath, localFolder, type Processes } from '@pagebridge/local-stack';

const version = '26.4.7';
const folder = join(localFolder, 'keycloak', `keycloak-${version}`);

/** A Keycloak with a realm as docs/access.md describes it. */
export interface Keycloak {
  readonly issuer: string;
  readonly clientId: string;
  readonly person: string;
  readonly password: string;
}

/** Starts a Keycloak of this machine's Maven, for a console at this address. Its access tokens live for 20 seconds, and each refresh token is good once. */
export async function startKeycloak(processes: Processes, consoleUrl: string): Promise<Keycloak> {
  await download(processes);
  const [port = 0, management = 0] = await freePorts(2);
  const keycloak = {
    issuer: `http://127.0.0.1:${port}/realms/ops`,
    clientId: 'pagebridge-console',
    person: 'ada',
    password: 'only-in-this-test',
  };
  const imported = join(folder, 'data', 'import');
  mkdirSync(imported, { recursive: true });
  writeFileSync(join(imported, 'ops.json'), JSON.stringify(realm(keycloak, consoleUrl)));
  await processes.start({
    name: 'keycloak',
    command: 'sh',
    args: [
      join(folder, 'bin', 'kc.sh'),
      'start-dev',
      '--import-realm',
      '--http-host=127.0.0.1',
      `--http-port=${port}`,
      `--http-management-port=${management}`,
    ],
    // In memory: each run has its own realm.
    env: { KC_DB: 'dev-mem', JAVA_HOME: join(javaPath() ?? '', '../..') },
    layer: 2,
    ready: () => answersOk(`${keycloak.issuer}/.well-known/openid-configuration`),
  });
  return keycloak;
}

async function download(processes: Processes): Promise<void> {
  if (existsSync(join(folder, 'bin', 'kc.sh'))) return;
  mkdirSync(join(localFolder, 'keycloak'), { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  await processes.run({
    name: 'maven',
    command: 'sh',
    // In its own folder: without a project, the plugin leaves one there that is named after a variable.
    args: [
      '-c',
      'cd "$0" && exec mvn "$@"',
      join(localFolder, 'keycloak'),
      '--batch-mode',
      '--quiet',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack',
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${join(localFolder, 'keycloak')}`,
    ],
  });
}

const realm = ({ clientId, person, password }: Keycloak, consoleUrl: string) => ({
  realm: 'ops',
  enabled: true,
  sslRequired: 'none',
  accessTokenLifespan: 20,
  revokeRefreshToken: true,
  refreshTokenMaxReuse: 0,
  groups: [{ name: 'pagebridge-acme-us-admins' }],
  users: [
    {
      username: person,
      enabled: true,
      email: 'ada@acme.example',
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'Admin',
      credentials: [{ type: 'password', value: password }],
      groups: ['pagebridge-acme-us-admins'],
    },
  ],
  clients: [
    {
      clientId,
      publicClient: true,
      standardFlowEnabled: true,
      directAccessGrantsEnabled: false,
      redirectUris: [`${consoleUrl}/callback`],
      attributes: {
        'pkce.code.challenge.method': 'S256',
        'access.token.header.type.rfc9068': 'true',
        'post.logout.redirect.uris': `${consoleUrl}/`,
      },
      protocolMappers: [
        mapper('audience', 'oidc-audience-mapper', { 'included.custom.audience': 'pagebridge' }),
        mapper('groups', 'oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'false' }),
      ],
    },
  ],
});

const mapper = (name: string, protocolMapper: string, config: Readonly<Record<string, string>>) => ({
  name,
  protocol: 'openid-connect',
  protocolMapper,
  config: { 'access.token.claim': 'true', ...config },
});
