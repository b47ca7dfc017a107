import { requirePrivate, urlComplaint } from '@pagebridge/process';
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
const origin = (service: string) => `Origin of ${service}: https, or http on this machine and in the cluster`;
const serviceUrl = (service: string) => text(`${origin(service)}.`);

/** The configuration of console-gateway, read from its environment. */
export const consoleGatewayConfig = Type.Object({
  ...baseConfig,
  ...listenConfig,
  PORT: portConfig(8080),
  MANAGEMENT_PORT: managementPortConfig(9080),
  PUBLIC_URL: text('Origin of the console in browsers: https, or http on loopback. Its redirect URI is `/callback`.'),
  OIDC_ISSUER: text('Issuer for logins. The access policy must trust it.'),
  OIDC_CLIENT_ID: text('Client id of the console at this issuer.'),
  OIDC_CLIENT_SECRET: optional('Client secret, unless the client is public. Prefer a file.'),
  OIDC_SCOPE: Type.String({
    default: 'openid profile offline_access',
    description:
      'Scopes of a login. Most issuers need `offline_access` to issue a refresh token. Without it, a session ends with its access token.',
  }),
  OIDC_RESOURCE: optional('`resource` of a login (RFC 8707), if the issuer requires it.'),
  OIDC_AUDIENCE: optional('`audience` of a login, if the issuer requires it.'),
  SESSION_KEYS: text(
    'Keys that seal sessions, each 32 bytes in base64url: one per line, or a JSON list. The first seals, all open. Prefer a file.',
  ),
  CONNECTION_MANAGEMENT_URL: serviceUrl('connection-management'),
  HANDLE_SYNC_URL: serviceUrl('handle-sync'),
  PAGE_ROUTING_URL: serviceUrl('page-routing'),
  PAGE_HISTORY_URL: optional(`${origin('page-history')}. Optional.`),
  ALERT_INTAKE_URL: optional(`${origin('alert-intake')}. Optional.`),
  CONSOLE_HELP_TEXT: Type.Optional(
    Type.String({
      maxLength: 300,
      description: 'Text in the console about who grants permissions, such as `Ask in #paging.`',
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
