import type { Provider } from '@nestjs/common';
import {
  type Authenticator,
  byPrefix,
  isLoopback,
  OidcAuthenticator,
  openAccess,
  PolicyFile,
} from '@pagebridge/access';
import type { Log } from '@pagebridge/vocabulary';
import type { Counter, Registry } from 'prom-client';
import { type CommonConfig, ConfigError, fromVariable } from '../config.ts';
import { counterOf } from '../metrics.ts';
import { API_TOKENS, AUTHENTICATOR } from '../tokens.ts';
import { PolicyWatch } from './policy-watch.ts';

/**
 * Who says who the callers of a service are. Throws ConfigError where access is off by mistake, or the policy is bad; one that
 * carries pages begins without, and its callers wait.
 */
export function accessProviders(config: CommonConfig, registry: Registry, log: Log, carriesPages: boolean): Provider[] {
  const help = 'Changes of the policy file: loaded, or refused while the former policy stays.';
  const changes = counterOf(registry, 'pagebridge_access_policy_changes_total', help, 'result');
  if (config.ACCESS !== 'on') {
    // A service without routes has no callers.
    if (config.ACCESS === 'off') requireIntended(config);
    return [{ provide: AUTHENTICATOR, useValue: openAccess }];
  }
  const file = policyFile(config, changes, log, carriesPages);
  const onUnreachable = (issuer: string, detail: string) =>
    log.warn(
      { issuer, detail },
      'an issuer does not answer; its tokens are refused with 503 unless their keys are known',
    );
  const accessTokens = new OidcAuthenticator(file, onUnreachable);
  return [
    {
      provide: AUTHENTICATOR,
      inject: [API_TOKENS],
      useFactory: (apiTokens: Authenticator) => byPrefix(apiTokens, accessTokens),
    },
    { provide: PolicyWatch, useValue: new PolicyWatch(file) },
  ];
}

function requireIntended({ HOST = '', ACCESS_OFF_IS_INTENDED }: CommonConfig): void {
  if (isLoopback(HOST) || ACCESS_OFF_IS_INTENDED === 'true') return;
  throw new ConfigError(
    `bad configuration: ACCESS is off and HOST is ${HOST}: whoever reaches it could do everything. Set ACCESS=on with ` +
      'ACCESS_POLICY_FILE (docs/access.md), or HOST=127.0.0.1; or, where something else keeps strangers out, ' +
      'ACCESS_OFF_IS_INTENDED=true',
  );
}

function policyFile(
  { ACCESS_POLICY_FILE: path }: CommonConfig,
  changes: Counter<'result'>,
  log: Log,
  mayBeBad: boolean,
): PolicyFile {
  if (path === undefined) {
    throw new ConfigError(
      'bad configuration: ACCESS_POLICY_FILE is not set: it names the policy, that is, who may do what (docs/access.md); ' +
        'for a trial on this machine alone, set ACCESS=off',
    );
  }
  const tell = {
    loaded: () => {
      changes.inc({ result: 'loaded' });
      log.info({ path }, 'the access policy has changed and is in force');
    },
    refused: (detail: string) => {
      changes.inc({ result: 'refused' });
      log.error({ path, detail }, 'the access policy is bad; a former one stays in force');
    },
  };
  return fromVariable('ACCESS_POLICY_FILE', () => new PolicyFile(path, tell, mayBeBad));
}
