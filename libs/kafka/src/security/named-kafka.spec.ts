import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { namedKafka } from './named-kafka.ts';

const nowhere = '/nowhere/stack.json';
const stack = join(mkdtempSync(join(tmpdir(), 'stack-')), 'stack.json');
const login = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'topics', KAFKA_SASL_PASSWORD: 'secret' };
writeFileSync(stack, JSON.stringify({ brokers: '127.0.0.1:9092', logins: { topics: login } }));

describe('namedKafka', () => {
  it('returns the brokers of the option, else of KAFKA_BROKERS, with the login of the environment', () => {
    const env = { KAFKA_BROKERS: 'b:1, c:2' };
    expect(namedKafka('topics', 'a:1', env, stack)).toMatchObject({ brokers: ['a:1'], security: { sasl: undefined } });
    expect(namedKafka('topics', undefined, env, stack).brokers).toEqual(['b:1', 'c:2']);
  });

  it('otherwise returns the stack of npm start, with the login of the given user', () => {
    const { brokers, security } = namedKafka('topics', undefined, {}, stack);
    expect(brokers).toEqual(['127.0.0.1:9092']);
    expect(security.sasl).toMatchObject({ mechanism: 'scram-sha-512', username: 'topics' });
    expect(namedKafka('others', undefined, {}, stack).security.sasl).toBeUndefined();
  });

  it('rejects missing brokers and malformed addresses, and names the option or variable', () => {
    expect(() => namedKafka('topics', undefined, {}, nowhere)).toThrow('which Kafka?');
    expect(() => namedKafka('topics', 'a:1,b', {}, nowhere)).toThrow('--brokers must be host:port,…, not b');
    expect(() => namedKafka('topics', undefined, { KAFKA_BROKERS: 'localhost' }, nowhere)).toThrow(
      'KAFKA_BROKERS must be host:port,…, not localhost',
    );
  });
});
