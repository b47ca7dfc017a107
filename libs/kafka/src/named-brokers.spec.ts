import { describe, expect, it } from '@jest/globals';
import { namedBrokers } from './named-brokers.ts';

const nowhere = '/nowhere/stack.json';

describe('the Kafka of a program', () => {
  it('is that of its option, else of KAFKA_BROKERS', () => {
    const env = { KAFKA_BROKERS: 'b:1, c:2' };
    expect(namedBrokers('a:1', env, nowhere)).toEqual(['a:1']);
    expect(namedBrokers(undefined, env, nowhere)).toEqual(['b:1', 'c:2']);
  });

  it('has to be named, and what names it wrongly is named too', () => {
    expect(() => namedBrokers(undefined, {}, nowhere)).toThrow('which Kafka?');
    expect(() => namedBrokers('a:1,b', {}, nowhere)).toThrow('--brokers must be host:port,…, not b');
    expect(() => namedBrokers(undefined, { KAFKA_BROKERS: 'localhost' }, nowhere)).toThrow(
      'KAFKA_BROKERS must be host:port,…, not localhost',
    );
  });
});
