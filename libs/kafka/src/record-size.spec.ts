import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeProduce } from './driver/protocol/produce-request.ts';
import { batchOverheadBytes, sizeOf } from './record-size.ts';

describe('the size of a record', () => {
  it('counts key, value and headers, also null keys and undefined headers', () => {
    const bare = { topic: 't', key: null, value: Buffer.alloc(70_000), headers: {} };
    const full = {
      ...bare,
      key: 'ü',
      value: Buffer.alloc(70_100),
      headers: { a: 'bb', c: ['d', Buffer.alloc(5)], e: undefined },
    };
    expect(sizeOf(full) - sizeOf(bare)).toBe(2 + 100 + (10 + 1 + 2) + (10 + 1 + 1) + (10 + 1 + 5) + (10 + 1));
  });

  it('is never less than the bytes of the record in a batch', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    const options = { compressed: false, acknowledgeWithinMs: 1 };
    const identity = { producerId: '7', producerEpoch: 0 };
    const emptyRequest = await encodeProduce([], options);
    // The name of the topic and its number of partitions.
    const topicBytes = 3 + 4;
    await fc.assert(
      fc.asyncProperty(text, text, fc.dictionary(text, text), async (key, value, headers) => {
        const record = { topic: 't', key, value: Buffer.from(value), headers };
        const part = { topic: 't', partition: 0, identity, firstSequence: 0, records: [record] };
        const written = (await encodeProduce([part], options)).length - emptyRequest.length - topicBytes;
        expect(sizeOf(record) + batchOverheadBytes + 8).toBeGreaterThanOrEqual(written);
      }),
    );
  });
});
