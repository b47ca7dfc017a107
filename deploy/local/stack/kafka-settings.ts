import { type KafkaLog, type KafkaSettings, securityOf } from '@pagebridge/kafka';

const nothing = () => {};
// Errors reach the caller; the log of the Kafka client while it waits for a broker is noise here.
const silentLog: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The login of each program to a broker, as KAFKA_ variables by the name of its principal. */
export type Logins = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The address of a Kafka, and the logins of its stack if there are any. */
export interface KafkaPlace {
  /** `host:port,…` */
  readonly brokers: string;
  readonly logins?: Logins | undefined;
}

/** Returns Kafka settings for one of our programs: with the login of the stack, or else with the KAFKA_TLS and KAFKA_SASL variables. */
export const kafkaSettings = ({ brokers, logins }: KafkaPlace, clientId: string, login: string): KafkaSettings => ({
  brokers: brokers.split(','),
  clientId,
  security: securityOf(logins ? (logins[login] ?? {}) : process.env),
  log: silentLog,
});
