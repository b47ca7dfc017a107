import { type KafkaLog, type KafkaSettings, securityOf } from '@pagebridge/kafka';
import type { Logins } from '../infrastructure/infrastructure.ts';

const nothing = () => {};
// What the Kafka client says while it waits for a broker is noise here: errors come back as errors.
const silentLog: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A broker, and how to log in to it where its stack says so. */
export interface KafkaPlace {
  /** `host:port,…` */
  readonly brokers: string;
  readonly logins?: Logins | undefined;
}

/** How each of our own programs talks to these brokers: by the login of its stack, or else with the KAFKA_TLS and KAFKA_SASL variables. */
export const kafkaSettings = ({ brokers, logins }: KafkaPlace, clientId: string, login: string): KafkaSettings => ({
  brokers: brokers.split(','),
  clientId,
  security: securityOf(logins ? (logins[login] ?? {}) : process.env),
  log: silentLog,
});
