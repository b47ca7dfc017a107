import { type KafkaLog, type KafkaSettings, securityOf } from '@pagebridge/kafka';

const nothing = () => {};
// What the Kafka client says while it waits for a broker is noise here: errors come back as errors.
const silentLog: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How each program logs in to a broker, as KAFKA_ variables by the name of its principal. */
export type Logins = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where a Kafka is, and how to log in to it where its stack says so. */
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
