/** Returns the brokers for integration tests, each as `host:port`. */
export function testBrokers(): string[] {
  const { KAFKA_BROKERS } = process.env;
  if (!KAFKA_BROKERS) throw new Error('KAFKA_BROKERS is not set: run these tests with `npm run test:int`');
  return KAFKA_BROKERS.split(',');
}
