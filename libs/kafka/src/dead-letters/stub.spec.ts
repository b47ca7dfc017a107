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
  it('says where the original stands, how large it is and why it is refused, and keeps nothing else of it', () => {
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

  it('keeps the headers that it is told to keep', () => {
    expect(stubOf(letter, 'no', ['x-possible-duplicate']).headers).toMatchObject({ 'x-possible-duplicate': 'true' });
  });

  it('leaves out a key that nobody would read', () => {
    expect(stubOf({ ...letter, key: 'k'.repeat(2000) }, 'no').key).toBeNull();
  });
});
