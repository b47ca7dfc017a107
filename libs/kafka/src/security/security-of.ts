import { isIPv4 } from 'node:net';
import { type KafkaSecurity, type PasswordMechanism, passwordMechanisms, saslMechanisms } from '../settings.ts';
import { OauthTokens } from './oauth-token.ts';
import { TlsMaterial, textOf, tlsVariables } from './tls-files.ts';

const tlsNames = Object.values(tlsVariables);
const passwordNames = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD', 'KAFKA_SASL_PASSWORD_FILE'] as const;
const oauthNames = [
  'KAFKA_SASL_OAUTH_TOKEN_ENDPOINT',
  'KAFKA_SASL_OAUTH_CLIENT_ID',
  'KAFKA_SASL_OAUTH_CLIENT_SECRET',
  'KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE',
  'KAFKA_SASL_OAUTH_SCOPE',
] as const;
export const securityVariables = [
  'KAFKA_TLS',
  ...tlsNames,
  'KAFKA_SASL_MECHANISM',
  ...passwordNames,
  ...oauthNames,
] as const;
type Name = (typeof securityVariables)[number];

/** The environment variables for TLS and logins of Kafka connections. */
export type SecurityVariables = { readonly [name in Name]?: string | undefined };

/** Returns the settings from the variables and the files that they name. Throws an Error with every wrong variable. */
export function securityOf(variables: SecurityVariables): KafkaSecurity {
  const given = new GivenVariables(variables);
  const security = { tls: tlsOf(given), sasl: saslOf(given) };
  refuseClearText(security, given);
  if (given.complaints.length > 0) throw new Error(given.complaints.join('; '));
  return security;
}

/** These mechanisms send the secret itself, which SCRAM does not. */
function refuseClearText({ sasl }: KafkaSecurity, given: GivenVariables): void {
  if (given.value('KAFKA_TLS') === 'on' || (sasl?.mechanism !== 'plain' && sasl?.mechanism !== 'oauthbearer')) return;
  const why = 'the password or token would be sent in clear text';
  given.complaints.push(`KAFKA_TLS is not on, and ${sasl.mechanism} requires it: ${why}`);
}

class GivenVariables {
  readonly complaints: string[] = [];

  constructor(private readonly variables: SecurityVariables) {}

  value(name: Name): string | undefined {
    return this.variables[name]?.trim() || undefined;
  }

  required(name: Name, by: string): string {
    const value = this.value(name);
    if (value === undefined) this.complaints.push(`${name} is not set, and ${by} requires it`);
    return value ?? '';
  }

  /** Rejects variables that have no effect: an operator who sets one expects protection from it. */
  refuse(names: readonly Name[], unless: string): undefined {
    for (const name of names) if (this.value(name)) this.complaints.push(`${name} is set, but ${unless}`);
  }

  /** Returns a getter for a secret in a variable, or in a file that is read at each call because it may be rotated. */
  secret(name: 'KAFKA_SASL_PASSWORD' | 'KAFKA_SASL_OAUTH_CLIENT_SECRET', by: string): () => string {
    const path = this.value(`${name}_FILE`);
    if (path === undefined) {
      const value = this.required(name, by);
      return () => value;
    }
    const read = () => textOf(`${name}_FILE`, path).trim();
    this.attempt(read);
    return read;
  }

  attempt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      this.complaints.push((error as Error).message);
      return undefined;
    }
  }
}

function tlsOf(given: GivenVariables): KafkaSecurity['tls'] {
  const tls = given.value('KAFKA_TLS') ?? 'off';
  if (tls !== 'on' && tls !== 'off') given.complaints.push('KAFKA_TLS must be on or off');
  if (tls !== 'on') return given.refuse(tlsNames, 'KAFKA_TLS is not on');
  const [ca, cert, key] = tlsNames.map((name) => given.value(name));
  if (cert !== undefined) given.required('KAFKA_TLS_KEY_FILE', 'KAFKA_TLS_CERT_FILE');
  if (key !== undefined) given.required('KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE');
  return given.attempt(() => new TlsMaterial({ ca, cert, key }))?.options;
}

function saslOf(given: GivenVariables): KafkaSecurity['sasl'] {
  const mechanism = given.value('KAFKA_SASL_MECHANISM');
  if (mechanism === undefined) {
    return given.refuse([...passwordNames, ...oauthNames], 'KAFKA_SASL_MECHANISM is not set');
  }
  if (isPasswordMechanism(mechanism)) {
    given.refuse(oauthNames, `KAFKA_SASL_MECHANISM is ${mechanism}`);
    const username = given.required('KAFKA_SASL_USERNAME', mechanism);
    return { mechanism, username, password: given.secret('KAFKA_SASL_PASSWORD', mechanism) };
  }
  if (mechanism === 'oauthbearer') return oauthOf(given);
  given.complaints.push(`KAFKA_SASL_MECHANISM must be one of ${saslMechanisms.join(', ')}`);
  return undefined;
}

function oauthOf(given: GivenVariables): KafkaSecurity['sasl'] {
  given.refuse(passwordNames, 'KAFKA_SASL_MECHANISM is oauthbearer');
  const tokenEndpoint = given.required('KAFKA_SASL_OAUTH_TOKEN_ENDPOINT', 'oauthbearer');
  if (tokenEndpoint && !isSafe(tokenEndpoint)) {
    given.complaints.push('KAFKA_SASL_OAUTH_TOKEN_ENDPOINT must be an https URL, or http on a loopback address');
  }
  const clientId = given.required('KAFKA_SASL_OAUTH_CLIENT_ID', 'oauthbearer');
  const clientSecret = given.secret('KAFKA_SASL_OAUTH_CLIENT_SECRET', 'oauthbearer');
  const scope = given.value('KAFKA_SASL_OAUTH_SCOPE');
  const { token } = new OauthTokens({ tokenEndpoint, clientId, clientSecret, scope });
  return { mechanism: 'oauthbearer', token };
}

const isPasswordMechanism = (name: string): name is PasswordMechanism =>
  (passwordMechanisms as readonly string[]).includes(name);

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}
