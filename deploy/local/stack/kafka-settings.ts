import { type KafkaLog, type KafkaSettings, securityOf } from '@pagebridge/kafka';

const nothing = () => {};
// What the Kafka client says while it waits for a broker is noise here: errors come back as errors.
const silentLog: KafkaLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How each of our own programs talks to these brokers, `host:port,…`: with the KAFKA_TLS and KAFKA_SASL variables. */
export const kafkaSettings = (brokers: string, clientId: string): KafkaSettings => ({
  brokers: brokers.split(','),
  clientId,
  security: securityOf(process.env),
  log: silentLog,
});
