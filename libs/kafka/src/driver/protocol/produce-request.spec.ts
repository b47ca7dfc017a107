import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import '../kafkajs-patches.ts';
import { compressed, encodeProduce, headroom, isPlain, type ProduceRequest } from './produce-request.ts';

const require = createRequire(import.meta.url);
const kafkajsProduce = require('kafkajs/src/protocol/requests/produce/v3/request') as (request: ProduceRequest) => {
  encode(): Promise<{ buffer: Buffer }>;
};

const kafkajsProduce7 = require('kafkajs/src/protocol/requests/produce/v7/request') as (data: ProduceRequest) => object;
const produce = require('kafkajs/src/protocol/requests/produce') as {
  protocol(wanted: { version: number }): (data: ProduceRequest) => { request: object };
};
const createRequest = require('kafkajs/src/protocol/request') as (parts: object) => Promise<{ buffer: Buffer }>;

const zstd = kafkajs.CompressionTypes.ZSTD;
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'grapheme', maxLength: 100 });
const header = fc.oneof(text, bytes(100), fc.array(fc.oneof(text, bytes(10)), { maxLength: 3 }));
const commonHeaders = [
  ['content-type', 'application/cloudevents+json'],
  ['ce_type', ['twice', Buffer.from([0xff])]],
  ['ce_source', Buffer.from('/spec')],
] as const;
// Often the beginning of a record's headers is that of the one before.
const headers = fc
  .tuple(fc.nat({ max: 3 }), fc.dictionary(text, header, { maxKeys: 5 }))
  .map(([common, own]) => ({ ...Object.fromEntries(commonHeaders.slice(0, common)), ...own }));
const message = fc.record({
  key: fc.oneof(fc.constant(null), text, bytes(50)),
  value: fc.oneof(fc.constant(null), text, bytes(20), bytes(9000)),
  headers,
});
const partition = fc.record({
  partition: fc.nat({ max: 50 }),
  firstSequence: fc.nat(),
  messages: fc.array(message, { minLength: 1, maxLength: 70 }),
});
const request = fc.record({
  transactionalId: fc.constantFrom(null, 'transaction'),
  acks: fc.constant(-1),
  timeout: fc.nat(),
  producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
  producerEpoch: fc.nat({ max: 2 ** 15 - 1 }),
  topicData: fc.array(
    fc.record({ topic: fc.stringMatching(/^[a-z.-]{1,40}$/), partitions: fc.array(partition, { maxLength: 3 }) }),
    { maxLength: 2 },
  ),
});

// Lengths of each number of bytes that a varint can have here.
const largest: ProduceRequest = {
  acks: -1,
  timeout: 1,
  producerId: '1',
  topicData: [
    { topic: 't', partitions: [{ partition: 0, messages: [{ value: Buffer.alloc(2 ** 20) }, { value: 'v' }] }] },
  ],
};

describe('encodeProduce', () => {
  it('writes the very bytes that kafkajs writes, whatever the records', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    await fc.assert(
      fc.asyncProperty(request, async (data) => {
        expect(isPlain(data)).toBe(true);
        const theirs = (await kafkajsProduce(data).encode()).buffer;
        expect(encodeProduce(data).subarray(headroom).equals(theirs)).toBe(true);
      }),
      { numRuns: 40, examples: [[largest]] },
    );
    jest.useRealTimers();
  });

  it('writes each partition under a producer identity of its own, where it has one', () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const part = { partition: 1, firstSequence: 5, messages: [{ value: 'v' }] };
    const whole = { acks: -1, timeout: 1, producerId: '7', producerEpoch: 3 };
    const own = { ...part, producerId: '7', producerEpoch: 3 };
    const bytes = encodeProduce({ ...whole, topicData: [{ topic: 't', partitions: [part] }] });
    const others = { ...whole, producerId: '8', producerEpoch: 0, topicData: [{ topic: 't', partitions: [own] }] };
    expect(encodeProduce(others).subarray(headroom).equals(bytes.subarray(headroom))).toBe(true);
    jest.useRealTimers();
  });

  it('writes compressed records as kafkajs does', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'queueMicrotask'] });
    Object.assign(kafkajs.CompressionCodecs, {
      [zstd]: () => ({ compress: ({ buffer }: { buffer: Buffer }) => promisify(zlib.zstdCompress)(buffer) }),
    });
    await fc.assert(
      fc.asyncProperty(request, async (plain) => {
        const data = { ...plain, compression: zstd };
        expect(isPlain(data)).toBe(true);
        const theirs = (await kafkajsProduce(data).encode()).buffer;
        expect(
          encodeProduce(await compressed(data))
            .subarray(headroom)
            .equals(theirs),
        ).toBe(true);
      }),
      { numRuns: 40, examples: [[largest]] },
    );
    Reflect.deleteProperty(kafkajs.CompressionCodecs, zstd);
    jest.useRealTimers();
  });

  it('takes all records of ours, also those that are compressed', async () => {
    const partitions = [{ partition: 0, messages: [{ value: 'v'.repeat(1000) }] }];
    const data = { acks: -1, timeout: 1, compression: zstd, topicData: [{ topic: 't', partitions }] };
    // kafkajs has no encoder for zstd.
    const { buffer } = await createRequest({
      correlationId: 1,
      clientId: 'c',
      request: produce.protocol({ version: 7 })(data).request,
    });
    expect(buffer.length).toBeLessThan(300);
  });

  it('leaves dated records, and other codecs, to kafkajs', () => {
    const topicData = [{ topic: 't', partitions: [{ partition: 0, messages: [{ value: 'v', timestamp: '1' }] }] }];
    expect(isPlain({ acks: -1, timeout: 1, topicData })).toBe(false);
    expect(isPlain({ acks: -1, timeout: 1, compression: 1, topicData: [] })).toBe(false);
  });

  it('stands in a request behind its header, however long the client id', async () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const patched = produce.protocol({ version: 7 });
    await fc.assert(
      fc.asyncProperty(request, fc.string({ maxLength: 400 }), fc.nat(), async (data, clientId, correlationId) => {
        const [ours, theirs] = await Promise.all(
          [patched(data).request, kafkajsProduce7(data)].map((one) =>
            createRequest({ correlationId, clientId, request: one }),
          ),
        );
        expect(ours?.buffer.equals(theirs?.buffer ?? Buffer.alloc(0))).toBe(true);
      }),
      { numRuns: 20 },
    );
    jest.useRealTimers();
  });
});
