import { type KafkaSettings, type SecurityVariables, securityOf } from '@pagebridge/kafka';
import type { KafkaPlace } from '@pagebridge/local-stack';

/** The access of one program to a private Kafka, as JSON for a child process. */
export interface KafkaAccess {
  /** `host:port,…` */
  readonly brokers: string;
  /** Without variables: plaintext. */
  readonly security: SecurityVariables;
}

/** Returns the login of this principal, if the broker requires one. */
export const accessTo = ({ brokers, logins }: KafkaPlace, principal: string): KafkaAccess => ({
  brokers,
  security: logins?.[principal] ?? {},
});

const nothing = () => undefined;
// A failed call rejects, and the caller reports it.
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Returns options for our own library. */
export const settingsOf = ({ brokers, security }: KafkaAccess, clientId: string): KafkaSettings => ({
  brokers: brokers.split(','),
  clientId,
  security: securityOf(security),
  log: quiet,
});

/** Returns options for kafkajs. */
export function kafkajsOptions(access: KafkaAccess, clientId: string) {
  const { brokers, tls, login } = partsOf(access, clientId);
  return {
    brokers,
    clientId,
    logLevel: 0,
    ...(tls && { ssl: tls }),
    ...(login && { sasl: login }),
  };
}

/** Returns options for @platformatic/kafka. */
export function platformaticOptions(access: KafkaAccess, clientId: string) {
  const { brokers, tls, login } = partsOf(access, clientId);
  return {
    bootstrapBrokers: brokers,
    clientId,
    ...(tls && { tls }),
    ...(login && { sasl: { ...login, mechanism: 'SCRAM-SHA-512' as const } }),
  };
}

function partsOf(access: KafkaAccess, clientId: string) {
  const { brokers, security } = settingsOf(access, clientId);
  const { sasl } = security;
  if (sasl && sasl.mechanism !== 'scram-sha-512')
    throw new Error(`tests support scram-sha-512 only, not ${sasl.mechanism}`);
  return {
    brokers: [...brokers],
    tls: security.tls?.(quiet),
    login: sasl && { mechanism: 'scram-sha-512' as const, username: sasl.username, password: sasl.password() },
  };
}
