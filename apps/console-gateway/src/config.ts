import { requirePrivate, urlComplaint } from '@pagebridge/access';
import {
  baseConfig,
  fromVariable,
  listenConfig,
  loadConfig,
  managementPortConfig,
  portConfig,
} from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const text = (description: string) => Type.String({ description });
const optional = (description: string) => Type.Optional(text(description));
const origin = (service: string) =>
  `Origin of ${service}, which gets the person's token: https, or http on this machine and within the cluster`;
const serviceUrl = (service: string) => text(`${origin(service)}.`);

/** The configuration of console-gateway, read from its environment. */
export const consoleGatewayConfig = Type.Object({
  ...baseConfig,
  ...listenConfig,
  PORT: portConfig(8080),
  MANAGEMENT_PORT: managementPortConfig(9080),
  PUBLIC_URL: text(
    'Origin of the console in browsers: https, or http on a loopback address. The redirect URI of its logins is `/callback` below it.',
  ),
  OIDC_ISSUER: text('The issuer at which people log in: one that the access policy trusts.'),
  OIDC_CLIENT_ID: text('Id of the client that the issuer has for the console.'),
  OIDC_CLIENT_SECRET: optional('Secret of that client, unless it is a public one; preferably set it as a file.'),
  OIDC_SCOPE: Type.String({
    default: 'openid profile offline_access',
    description:
      'Scopes of a login. `offline_access` makes most issuers give a refresh token, without which a session ends with its access token.',
  }),
  OIDC_RESOURCE: optional('`resource` of a login (RFC 8707), if the issuer needs it to issue tokens for Pagebridge.'),
  OIDC_AUDIENCE: optional('`audience` of a login, if the issuer needs that instead.'),
  SESSION_KEYS: text(
    'Keys that seal sessions, each 32 bytes in base64url: one a line, or a JSON list. The first seals, all open; preferably set them as a file.',
  ),
  CONNECTION_MANAGEMENT_URL: serviceUrl('connection-management'),
  HANDLE_SYNC_URL: serviceUrl('handle-sync'),
  PAGE_ROUTING_URL: serviceUrl('page-routing'),
  PAGE_HISTORY_URL: optional(`${origin('page-history')}; unset if there is none.`),
  ALERT_INTAKE_URL: optional(`${origin('alert-intake')}; unset if there is none.`),
  CONSOLE_HELP_TEXT: Type.Optional(
    Type.String({
      maxLength: 300,
      description: 'Whom to ask for rights, as in `Ask in #paging.`; the console shows it.',
    }),
  ),
});

const urls = [
  'CONNECTION_MANAGEMENT_URL',
  'HANDLE_SYNC_URL',
  'PAGE_ROUTING_URL',
  'PAGE_HISTORY_URL',
  'ALERT_INTAKE_URL',
] as const;

export type ConsoleGatewayConfig = Static<typeof consoleGatewayConfig>;

/** Reads the configuration. Throws ConfigError, also for a URL over which others could read a token or a cookie. */
export function loadGatewayConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ConsoleGatewayConfig {
  const config = loadConfig(consoleGatewayConfig, environment);
  fromVariable('OIDC_ISSUER', () => requireSafe(config.OIDC_ISSUER));
  const origins = Object.fromEntries(
    urls.flatMap((name) => {
      const url = config[name];
      return url === undefined ? [] : [[name, fromVariable(name, () => originIn(url, requirePrivate))]];
    }),
  );
  return {
    ...config,
    ...origins,
    PUBLIC_URL: fromVariable('PUBLIC_URL', () => originIn(config.PUBLIC_URL, requireSafe)),
  };
}

function requireSafe(url: string): void {
  const complaint = urlComplaint(url);
  if (complaint !== undefined) throw new Error(complaint);
}

function originIn(url: string, check: (url: string) => void): string {
  check(url);
  const { origin, href } = new URL(url);
  if (href !== `${origin}/`) throw new Error(`must be an origin, without path or query: ${origin}`);
  return origin;
}
