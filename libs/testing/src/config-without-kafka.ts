/** The configuration for HTTP tests of a service without Kafka: any free port, no tokens, and a broker that is never contacted. */
export const configWithoutKafka = {
  HOST: '127.0.0.1',
  PORT: 0,
  ACCESS: 'off',
  ACCESS_TOKENS: 'off',
  MANAGEMENT_HOST: '127.0.0.1',
  MANAGEMENT_PORT: 0,
  LOG_LEVEL: 'error',
  KAFKA_BROKERS: 'a:1',
  KAFKA_MAX_BATCH_MIB: 64,
  START_WAIT_MS: 0,
  STOP_DELAY_MS: 0,
  STOP_TIMEOUT_MS: 1000,
} as const;
