import { type KafkaSettings, type SecurityVariables, securityOf } from '@pagebridge/kafka';
import type { KafkaPlace } from '@pagebridge/local-stack';

/** How one program reaches a private Kafka, as JSON for a process of its own. */
export interface KafkaAccess {
  /** `host:port,…` */
  readonly brokers: string;
  /** None: in the clear. */
  readonly security: SecurityVariables;
}

/** By the login of this principal, where the broker wants one. */
export const accessTo = ({ brokers, logins }: KafkaPlace, principal: string): KafkaAccess => ({
  brokers,
  security: logins?.[principal] ?? {},
});

const nothing = () => undefined;
// What fails rejects, and is told by whoever waits for it.
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** For our own library. */
export const settingsOf = ({ brokers, security }: KafkaAccess, clientId: string): KafkaSettings => ({
  brokers: brokers.split(','),
  clientId,
  security: securityOf(security),
  log: quiet,
});

/** For kafkajs alone. */
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

/** For @platformatic/kafka. */
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
  if (sasl && sasl.mechanism !== 'scram-sha-512') throw new Error(`no test logs in by ${sasl.mechanism}`);
  return {
    brokers: [...brokers],
    tls: security.tls?.(quiet),
    login: sasl && { mechanism: 'scram-sha-512' as const, username: sasl.username, password: sasl.password() },
  };
}
