import { describe, expect, it } from '@jest/globals';
import { namedKafka } from './named-kafka.ts';

describe('namedKafka', () => {
  it('returns the brokers of a list, with the login of the variables', () => {
    const login = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'a', KAFKA_SASL_PASSWORD: 'secret' };
    const { brokers, security } = namedKafka('KAFKA_BROKERS', 'b:1, c:2', login);
    expect(brokers).toEqual(['b:1', 'c:2']);
    expect(security.sasl).toMatchObject({ mechanism: 'scram-sha-512', username: 'a' });
    expect(namedKafka('--brokers', 'b:1', {}).security.sasl).toBeUndefined();
  });

  it.each(['a:1,b', 'localhost', '', ','])('rejects %j, and says what names it', (list) => {
    expect(() => namedKafka('--brokers', list, {})).toThrow('--brokers must be host:port,…, not ');
  });
});
