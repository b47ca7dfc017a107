import type { Provider } from '@nestjs/common';
import { type Authenticator, byPrefix, OidcAuthenticator, openAccess, PolicyFile } from '@pagebridge/access';
import { isLoopback } from '@pagebridge/process';
import type { Log } from '@pagebridge/vocabulary';
import type { Counter, Registry } from 'prom-client';
import { type CommonConfig, ConfigError, fromVariable } from '../config.ts';
import { closedCounterOf } from '../metrics.ts';
import { API_TOKENS, AUTHENTICATOR } from '../tokens.ts';
import { PolicyWatch } from './policy-watch.ts';

/**
 * Provides the Authenticator of a service. Throws ConfigError if access is off without ACCESS_OFF_IS_INTENDED, or if the policy
 * is invalid. A service that carries pages starts even then, and its callers get 503 until the policy is valid.
 */
export function accessProviders(config: CommonConfig, registry: Registry, log: Log, carriesPages: boolean): Provider[] {
  const help = 'Changes of the policy file, by result: loaded, or refused (the previous policy stays in effect).';
  const result = ['loaded', 'refused'];
  const changes = closedCounterOf(registry, 'pagebridge_access_policy_changes_total', help, { result });
  if (config.ACCESS !== 'on') {
    // A service without routes has no callers.
    if (config.PORT !== undefined) requireIntended(config);
    return [{ provide: AUTHENTICATOR, useValue: openAccess }];
  }
  const file = policyFile(config, changes, log, carriesPages);
  const onUnreachable = (issuer: string, detail: string) =>
    log.warn({ issuer, detail }, 'token issuer unreachable; using cached keys only');
  const accessTokens = new OidcAuthenticator(file, onUnreachable);
  return [
    {
      provide: AUTHENTICATOR,
      inject: [API_TOKENS],
      useFactory: (apiTokens: Authenticator) => byPrefix(apiTokens, accessTokens),
    },
    { provide: PolicyFile, useValue: file },
    PolicyWatch,
  ];
}

function requireIntended({ HOST = '', ACCESS_OFF_IS_INTENDED }: CommonConfig): void {
  if (isLoopback(HOST) || ACCESS_OFF_IS_INTENDED === 'true') return;
  throw new ConfigError(
    `bad configuration: ACCESS is off and HOST is ${HOST}: anyone who can reach it could do everything. Set ACCESS=on with ` +
      'ACCESS_POLICY_FILE (docs/access.md), or HOST=127.0.0.1; or, if something else restricts access, ' +
      'ACCESS_OFF_IS_INTENDED=true',
  );
}

function policyFile(
  { ACCESS_POLICY_FILE: path }: CommonConfig,
  changes: Counter<'result'>,
  log: Log,
  mayBeInvalid: boolean,
): PolicyFile {
  if (path === undefined) {
    throw new ConfigError(
      'bad configuration: ACCESS_POLICY_FILE is not set: it names the file that defines who may do what (docs/access.md); ' +
        'for a trial on this machine only, set ACCESS=off',
    );
  }
  const notices = {
    loaded: () => {
      changes.inc({ result: 'loaded' });
      log.info({ path }, 'access policy reloaded');
    },
    refused: (detail: string) => {
      changes.inc({ result: 'refused' });
      log.error({ path, detail }, 'access policy invalid; keeping the previous one');
    },
  };
  return fromVariable('ACCESS_POLICY_FILE', () => new PolicyFile(path, notices, mayBeInvalid));
}
