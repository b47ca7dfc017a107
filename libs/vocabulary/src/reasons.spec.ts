import { describe, expect, it } from '@jest/globals';
import { cureOfLetter, deadLetterReasons, reasonOf, retryNames, retryReasonOf } from './reasons.ts';

const sentence = /^[A-Z].*\.$/;

describe('a reason', () => {
  it('has a cause and a cure in sentences', () => {
    expect(deadLetterReasons).toContain('connection-foreign');
    for (const name of deadLetterReasons) {
      expect(reasonOf(name)).toMatchObject({
        cause: expect.stringMatching(sentence),
        cure: expect.stringMatching(sentence),
      });
    }
    for (const name of retryNames) expect(retryReasonOf(name)?.cure).toMatch(sentence);
  });

  it('tells to replay a dead letter only where a replay succeeds', () => {
    expect(cureOfLetter('rejected')).toMatch(/ Then replay the dead letter\.$/);
    expect(cureOfLetter('connection-foreign')).toMatch(/ A replay does not help\.$/);
  });

  it('of a newer version has words too, also where it is named as what every object has', () => {
    for (const name of ['new-in-2031', 'toString']) {
      expect(reasonOf(name).cause).toBe(`This version does not know the reason ${name}.`);
      expect(retryReasonOf(name)).toBeUndefined();
    }
  });
});
