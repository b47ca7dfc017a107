import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { isTransient } from './transient-errors.ts';

const { KafkaJSConnectionError, KafkaJSNonRetriableError } = kafkajs;

describe('an error that ended a consumer', () => {
  it.each([
    ['a broker that is away', new KafkaJSConnectionError('connect ECONNREFUSED'), true],
    ['a socket that was closed', Object.assign(new Error('closed'), { code: 'ECONNRESET' }), true],
    ['an error that kafkajs calls final', new KafkaJSNonRetriableError('no'), false],
    ['a bug', new TypeError('undefined is not a function'), false],
  ])('is classified as transient or not: %s', (_name, error, isExpected) => {
    expect(isTransient(error)).toBe(isExpected);
  });
});
