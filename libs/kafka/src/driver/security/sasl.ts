import { createRequire } from 'node:module';
import type { AuthenticationProviderArgs, Authenticator, Mechanism, SaslAuthenticateArgs } from 'kafkajs';
import { SecurityError } from '../../errors.ts';
import type { PasswordMechanism, SaslLogin } from '../../settings.ts';
import { forKafkajs } from './security-faults.ts';

const require = createRequire(import.meta.url);

type Provider = (args: AuthenticationProviderArgs) => Authenticator;
type PasswordProvider = (login: { readonly username: string; readonly password: string }) => Provider;

const passwordProviders: Readonly<Record<PasswordMechanism, PasswordProvider>> = {
  plain: require('kafkajs/src/broker/saslAuthenticator/plain') as PasswordProvider,
  'scram-sha-256': require('kafkajs/src/broker/saslAuthenticator/scram256') as PasswordProvider,
  'scram-sha-512': require('kafkajs/src/broker/saslAuthenticator/scram512') as PasswordProvider,
};
const bearerRequest = require('kafkajs/src/protocol/sasl/oauthBearer/request') as (
  options: object,
  token: { readonly value: string },
) => Promise<SaslAuthenticateArgs<void>['request']>;

/**
 * Returns the login for kafkajs. kafkajs requests the password or token at each authentication of a connection, and
 * again before its session ends if the broker limits sessions (`connections.max.reauth.ms`).
 */
export function mechanismOf(login: SaslLogin): Mechanism {
  const { mechanism } = login;
  const providerOf = (): Provider => {
    if (login.mechanism === 'oauthbearer') return bearerProvider(login.token);
    return passwordProviders[login.mechanism]({ username: login.username, password: login.password() });
  };
  return {
    mechanism,
    authenticationProvider: (args) => ({ authenticate: () => authenticate(login, providerOf, args) }),
  };
}

interface Failure {
  readonly type?: string;
  readonly message: string;
}

// kafkajs reports every error during the exchange as a failed authentication, even a lost connection.
async function authenticate(login: SaslLogin, providerOf: () => Provider, args: AuthenticationProviderArgs) {
  let failure: Failure | undefined;
  const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async (exchange) => {
    try {
      return await args.saslAuthenticate(exchange);
    } catch (error) {
      failure = error as Failure;
      throw error;
    }
  };
  try {
    await providerOf()({ ...args, saslAuthenticate }).authenticate();
  } catch (error) {
    if (failure && failure.type !== 'SASL_AUTHENTICATION_FAILED') throw failure;
    const why = (failure ?? (error as Error)).message;
    throw forKafkajs(error instanceof SecurityError ? error : new SecurityError(refusal(login, args, why)));
  }
}

const refusal = (login: SaslLogin, { host, port }: AuthenticationProviderArgs, why: string): string => {
  if (login.mechanism === 'oauthbearer') return `KAFKA_SASL_OAUTH_*: ${host}:${port} rejects the token: ${why}`;
  return `KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: ${host}:${port} rejects ${login.username} (${login.mechanism}): ${why}`;
};

// Only the request is that of kafkajs: its response parser treats the refusal of a token as a success.
const bearerProvider =
  (token: () => Promise<string>): Provider =>
  ({ saslAuthenticate }) => ({
    authenticate: async () => {
      const value = await tokenOf(token);
      const request = await bearerRequest({}, { value });
      await saslAuthenticate<void>({ request, response: { decode: (answer) => answer, parse: refuseChallenge } });
    },
  });

async function tokenOf(token: () => Promise<string>): Promise<string> {
  try {
    return await token();
  } catch (error) {
    throw new SecurityError((error as Error).message);
  }
}

const lengthBytes = 4;

function refuseChallenge(answer: Buffer): void {
  const challenge = answer.subarray(lengthBytes).toString();
  const type = 'SASL_AUTHENTICATION_FAILED';
  if (challenge !== '') throw Object.assign(new Error(challenge.slice(0, 200)), { type });
}
