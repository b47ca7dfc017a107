import { describe, expect, it } from '@jest/globals';
import { stubOf } from './stub.ts';

const letter = {
  topic: 'paging.page-commands.v1.dead',
  partition: 3,
  key: 'k',
  value: 'v'.repeat(100),
  headers: { ce_id: 'id', 'x-possible-duplicate': 'true', 'x-dlq-reason': 'rejected', 'x-dlq-offset': '7' },
};

describe('the stub of a dead letter that Kafka refuses', () => {
  it('has the position and size of the original and the reason of the refusal, and nothing else of the original', () => {
    expect(stubOf(letter, 'über the bound')).toEqual({
      topic: 'paging.page-commands.v1.dead',
      partition: 3,
      key: 'k',
      value: null,
      headers: {
        'x-dlq-reason': 'rejected',
        'x-dlq-offset': '7',
        'x-dlq-stub': 'true',
        // Key, value, and the headers of the original.
        'x-dlq-bytes': String(1 + 100 + 5 + 2 + 20 + 4),
        'x-dlq-stub-detail': '\\u00fcber the bound',
      },
    });
  });

  it('keeps the given headers of the original', () => {
    expect(stubOf(letter, 'no', ['x-possible-duplicate']).headers).toMatchObject({ 'x-possible-duplicate': 'true' });
  });

  it('omits a very long key', () => {
    expect(stubOf({ ...letter, key: 'k'.repeat(2000) }, 'no').key).toBeNull();
  });
});
