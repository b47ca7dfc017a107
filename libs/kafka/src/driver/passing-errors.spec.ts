import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { mayPass } from './passing-errors.ts';

const { KafkaJSConnectionError, KafkaJSGroupCoordinatorNotFound, KafkaJSNonRetriableError } = kafkajs;

// Its types say that it takes no message; its code needs one.
const groupCoordinatorNotFound = Reflect.construct(KafkaJSGroupCoordinatorNotFound, [
  'Failed to find group coordinator',
]);

describe('what ended a consumer', () => {
  it.each([
    ['a broker that is away', new KafkaJSConnectionError('connect ECONNREFUSED'), true],
    ['a socket that was closed', Object.assign(new Error('closed'), { code: 'ECONNRESET' }), true],
    ['brokers that are still starting', groupCoordinatorNotFound, true],
    ['what kafkajs calls final', new KafkaJSNonRetriableError('no'), false],
    ['a bug', new TypeError('undefined is not a function'), false],
  ])('may pass: %s', (_what, error, passes) => {
    expect(mayPass(error)).toBe(passes);
  });
});
