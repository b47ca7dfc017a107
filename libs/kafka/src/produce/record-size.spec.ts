import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeProduce } from '../driver/protocol/produce-request.ts';
import { batchOverheadBytes, sizeOf } from './record-size.ts';

describe('the size of a record', () => {
  it('counts key, value and headers, absent ones too', () => {
    const bare = { topic: 't', key: null, value: Buffer.alloc(70_000), headers: {} };
    const full = {
      ...bare,
      key: 'ü',
      value: Buffer.alloc(70_100),
      headers: { a: 'bb', c: ['d', Buffer.alloc(5)], e: undefined },
    };
    expect(sizeOf(full) - sizeOf(bare)).toBe(2 + 100 + (10 + 1 + 2) + (10 + 1 + 1) + (10 + 1 + 5) + (10 + 1));
  });

  it('is never below what it takes in a batch', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    fc.assert(
      fc.property(text, text, fc.dictionary(text, text), (key, value, headers) => {
        const record = { topic: 't', key, value: Buffer.from(value), headers };
        const topicData = [{ topic: 't', partitions: [{ partition: 0, messages: [record] }] }];
        const emptyRequest = encodeProduce({ acks: -1, timeout: 1, topicData: [{ topic: 't', partitions: [] }] });
        const written = encodeProduce({ acks: -1, timeout: 1, topicData }).length - emptyRequest.length;
        expect(sizeOf(record) + batchOverheadBytes + 8).toBeGreaterThanOrEqual(written);
      }),
    );
  });
});
